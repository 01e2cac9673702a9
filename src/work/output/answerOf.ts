import { faultIn, type JsonFault } from "../../ticket/output/readJson.ts";
import { jsonIn } from "../adapters/lastWords.ts";
import { MAX_TEXT } from "../adapters/texts.ts";
import { masked } from "../run/environment.ts";
import type { LiveRun } from "../run/liveRun.ts";

/** What an agent's last answer is as JSON, or why it is none. */
export type Answer = { readonly value: unknown } | { readonly fault: JsonFault; readonly isAbsent?: true };

/** The JSON that a run ended with: what its program handed over as such, else what its last words are or have in them. */
export function answerOf({ end, words, secrets }: Pick<LiveRun, "end" | "words" | "secrets">): Answer {
  const { output } = end ?? {};
  if (output !== undefined) {
    const fault = faultIn(output);
    return fault === undefined ? { value: withoutSecrets(output, secrets) } : { fault };
  }
  const { text } = words;
  if (text === undefined)
    return { fault: { pointer: "", message: "is not there: nothing was said at the end" }, isAbsent: true };
  if (text.length >= MAX_TEXT) return { fault: { pointer: "", message: "is longer than 1 MiB" } };
  const found = jsonIn(text);
  if (found === undefined) return { fault: { pointer: "", message: "has no JSON in it" }, isAbsent: true };
  return "fault" in found ? found : { value: withoutSecrets(found.value, secrets) };
}

/** The answer as it came, to be looked at by a person. */
export function rawAnswer({ end, words, secrets }: Pick<LiveRun, "end" | "words" | "secrets">): string {
  const text = end?.output === undefined ? (words.text ?? "") : (JSON.stringify(end.output, null, 2) ?? "");
  return masked(text, secrets);
}

/** The rest of a value stays as it is. */
function struck(text: string, secrets: readonly string[]): string {
  return secrets.reduce((left, secret) => left.replaceAll(secret, "***"), text);
}

function withoutSecrets(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === "string") return struck(value, secrets);
  if (Array.isArray(value)) return value.map((one) => withoutSecrets(one, secrets));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [struck(key, secrets), withoutSecrets(one, secrets)]),
  );
}
