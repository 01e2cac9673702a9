import { createHash } from "node:crypto";
import { init } from "../../actions/init.ts";
import { invoke } from "../../actions/input/action.ts";
import { AyoError } from "../../error.ts";
import { beginRequest, type KeptResponse } from "../../store/open/requests.ts";
import type { Store } from "../../store/open/store.ts";
import { HttpProblem } from "../problem.ts";
import type { Content } from "./content.ts";

/**
 * Makes a change once for each `Idempotency-Key`: the same request with the same key gets the answer that the first one
 * got. What was refused was no change, so the key may be tried again.
 * @throws HttpProblem key_reused, request_running, outcome_unknown; bad_input for what is no key
 */
export async function onceByKey(
  store: Store,
  key: string,
  question: unknown,
  make: () => Promise<Content>,
): Promise<Content> {
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new AyoError("bad_input", "Idempotency-Key is 1 to 255 characters without spaces, such as a UUID", {
      data: { field: "Idempotency-Key" },
    });
  }
  // A store's first change gives it its git; here that comes before.
  if (store.journal === undefined) await invoke(init, store, {});
  if (store.journal === undefined)
    throw new AyoError("store_not_writable", `${store.dir} has no place to keep keys in`);
  const print = createHash("sha256").update(JSON.stringify(question)).digest("hex");
  const begun = beginRequest(store, store.journal, key, print);
  if (begun.kind === "answered") return replayed(begun.answer);
  if (begun.kind !== "new") throw refusal(begun);
  try {
    const content = await make();
    begun.end(kept(content));
    return content;
  } catch (error) {
    begun.end(error instanceof AyoError || error instanceof HttpProblem ? "refused" : "unknown");
    throw error;
  }
}

/** What is told of an answer again; agents can write where it lies, and what a page takes for its own is none of theirs. */
const TOLD = ["etag", "location", "cache-control"];

function replayed({ status, headers, body }: KeptResponse): Content {
  const told = TOLD.flatMap((name) => (typeof headers[name] === "string" ? [[name, headers[name]] as const] : []));
  return {
    status: status === 201 ? 201 : 200,
    headers: {
      ...Object.fromEntries(told),
      "content-type": "application/json; charset=utf-8",
      "idempotency-replayed": "true",
    },
    body: String(body),
  };
}

function kept({ status, headers, body }: Content): KeptResponse {
  return { status, headers, body: typeof body === "string" ? body : new TextDecoder().decode(body) };
}

function refusal(begun: { kind: "running" } | { kind: "other" } | { kind: "unknown"; since: string | null }) {
  if (begun.kind === "other") {
    return new HttpProblem(
      "key_reused",
      "this Idempotency-Key was sent with another request: a new change needs a new one",
    );
  }
  if (begun.kind === "running") {
    return new HttpProblem("request_running", "an earlier request with this Idempotency-Key is being worked on", {
      "retry-after": "1",
    });
  }
  const since = begun.since === null ? "the beginning" : begun.since.slice(0, 12);
  return new HttpProblem(
    "outcome_unknown",
    `the server ended while it worked on this, and the store was changed since: look at the history after ${since}, ` +
      "then send what is missing with a new Idempotency-Key",
  );
}
