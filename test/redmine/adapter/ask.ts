import type { HttpAnswer, HttpClient, HttpRequest } from "../../../src/trackers/http.ts";
import { TrackerError } from "../../../src/trackers/provider.ts";
import { type Tries, tried } from "../../../src/trackers/tries.ts";

/** What is asked. */
export interface Step {
  readonly method: HttpRequest["method"];
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
}

/** Asks one thing; undefined where the answer says nothing. */
export type Ask = <T>(step: Step) => Promise<T>;

/** How Redmine is asked. */
export interface AskOptions extends Tries {
  readonly url: string;
  readonly key: string;
  readonly http: HttpClient;
}

/** A way to ask Redmine. What writes is sent once. */
export function redmineAsk(options: AskOptions): Ask {
  const { url, key, http } = options;
  const headers = { Accept: "application/json", "X-Redmine-API-Key": key };
  return async <T>({ method, path, body }: Step): Promise<T> => {
    const isWrite = method !== "GET";
    const json = body === undefined ? undefined : JSON.stringify(body);
    const all = json === undefined ? headers : { ...headers, "Content-Type": "application/json" };
    const once = async (): Promise<T> =>
      read<T>(await http.send({ method, url: new URL(path, url), headers: all, body: json }));
    return await tried(once, isWrite, options);
  };
}

function read<T>({ status, text }: HttpAnswer): T {
  if (status >= 200 && status < 300) return (text.trim() === "" ? undefined : JSON.parse(text)) as T;
  const said = `Redmine: ${status === 422 ? errorsIn(text) : `an answer with status ${status}`}`;
  if (status === 401 || status === 403) throw new TrackerError("auth", said);
  if (status === 404) throw new TrackerError("gone", said);
  if (status === 422) throw new TrackerError("refused", said);
  throw new TrackerError(status >= 500 ? "ambiguous" : "broken", said);
}

function errorsIn(text: string): string {
  const { errors = [] } = JSON.parse(text) as { readonly errors?: readonly string[] };
  return errors.join("; ");
}
