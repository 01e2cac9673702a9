import { failureOf } from "./failures.ts";
import { guarded, raw, sessionName } from "./guarded.ts";
import { at, type Fields, numberAt, objectIn, shown, textAt } from "./json.ts";
import type { RunEvent } from "./runEvent.ts";
import { clean, cleanName, coloured, MAX_DETAIL } from "./texts.ts";

/**
 * Lines by which any program can tell ayo what it does: a JSON object each, of which only `type` is needed.
 *
 * - `{"type":"session","id":"…","version":"…"}`: what to go on with another time
 * - `{"type":"text","text":"…"}`, `{"type":"thought","text":"…"}`
 * - `{"type":"tool","phase":"begin"|"end","id":"…","name":"…","input":…,"output":…,"ok":true}`; without a phase it has ended
 * - `{"type":"usage","tokens":1200,"cost":0.04,"total":true}`: since the last such line, or of the whole session
 * - `{"type":"retry","why":"…","login":true}`, `{"type":"denied","what":"…"}`
 * - `{"type":"result","ok":true,"why":"…","text":"…","output":…,"transient":true,"login":true,"gone":true}`: the end, with
 *   what it means for another try: worth one, only after a login, only in a new session
 */
type Kind = "session" | "text" | "thought" | "tool" | "usage" | "retry" | "denied" | "result" | "raw";

const KINDS: Readonly<Record<Kind, (fields: Fields) => readonly RunEvent[]>> = {
  session: (fields) => {
    const id = sessionName(textAt(fields, "id"));
    const version = textAt(fields, "version");
    return id === undefined ? [] : [{ type: "session", id, ...(version && { version: cleanName(version) }) }];
  },
  text: (fields) => [{ type: "text", text: clean(shown(fields.text) ?? "") }],
  thought: (fields) => [{ type: "thought", text: clean(shown(fields.text) ?? "", MAX_DETAIL) }],
  tool,
  usage: (fields) => {
    const [tokens, cost] = [numberAt(fields, "tokens"), numberAt(fields, "cost")];
    // What is said there and is no number to count is shown as it came.
    const isOdd = [fields.tokens, fields.cost].some((one, n) => one != null && [tokens, cost][n] === undefined);
    const odd = isOdd ? [raw(JSON.stringify(fields))] : [];
    if (tokens === undefined && cost === undefined) return odd;
    return [
      ...odd,
      {
        type: "usage",
        ...(tokens === undefined ? {} : { tokens }),
        ...(cost === undefined ? {} : { cost }),
        ...(fields.total === true ? { isTotal: true } : {}),
      },
    ];
  },
  retry: (fields) => {
    const why = clean(shown(fields.why) ?? "it tries again", MAX_DETAIL);
    const isLogin = fields.login === true || failureOf(why, numberAt(fields, "status")).isLogin;
    return [{ type: "retry", why, ...(isLogin === true ? { isLogin } : {}) }];
  },
  denied: (fields) => [{ type: "denied", what: clean(shown(fields.what) ?? "something", MAX_DETAIL) }],
  result,
  raw: (fields) => [raw(shown(fields.line) ?? "")],
};

/** What a line of the protocol says; undefined for a line that is none. */
export function protocolEvents(line: string): readonly RunEvent[] | undefined {
  const fields = objectIn(line);
  const type = textAt(fields, "type");
  if (fields === undefined || type === undefined || !Object.hasOwn(KINDS, type)) return undefined;
  return KINDS[type as Kind](fields);
}

/** Of a program whose every line is of the protocol. */
export const parseProtocol = guarded((line) => (line.trim() === "" ? [] : (protocolEvents(line) ?? [raw(line)])));

function tool(fields: Fields): readonly RunEvent[] {
  const name = cleanName(textAt(fields, "name") ?? "tool");
  const id = textAt(fields, "id");
  const same = { type: "tool", name, ...(id === undefined ? {} : { id: cleanName(id) }) } as const;
  const detail = (value: unknown) => {
    const text = shown(value);
    return text === undefined ? {} : { detail: coloured(text, MAX_DETAIL) };
  };
  if (fields.phase === "begin") return [{ ...same, phase: "begin", ...detail(fields.input ?? fields.detail) }];
  const end: RunEvent = {
    ...same,
    phase: "end",
    ...detail(fields.output ?? fields.detail),
    ...(typeof fields.ok === "boolean" ? { ok: fields.ok } : {}),
  };
  return fields.phase === "end" ? [end] : [{ ...same, phase: "begin", ...detail(fields.input) }, end];
}

/** What a program that failed says last is why, where it does not say so. */
function firstLine(text = ""): string {
  return text.trim().split("\n")[0]?.trim() ?? "";
}

function result(fields: Fields): readonly RunEvent[] {
  const ok = fields.ok !== false && at(fields, "error") === undefined;
  const said = shown(fields.why) ?? shown(at(fields, "error"));
  const text = textAt(fields, "text");
  const why = said ?? (ok ? undefined : firstLine(text) || "it says that it failed");
  return [
    {
      type: "end",
      ok,
      ...(why === undefined ? {} : { why: clean(why, MAX_DETAIL) }),
      ...(text === undefined ? {} : { text: clean(text) }),
      ...(fields.output === undefined ? {} : { output: fields.output }),
      ...(ok ? {} : failureSaid(fields)),
    },
  ];
}

/** What it says itself of its failure: its words may be an agent's, and about anything. */
function failureSaid(fields: Fields) {
  return {
    ...(fields.gone === true ? { isSessionGone: true as const } : {}),
    ...(fields.login === true ? { isLogin: true as const } : {}),
    ...(fields.transient === true ? { isTransient: true as const } : {}),
  };
}
