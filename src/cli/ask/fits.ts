/** Verbs that whoever has the lock may do for others: each is one small change, and reads nothing but the store. */
export const WRITES =
  "add assign cancel check claim close create dep done link new note release renew reopen start submit tag unlink update".split(
    " ",
  );
/** The same verbs as functions of the library. */
export const CALLS: ReadonlySet<string> = new Set([
  ...WRITES.filter((verb) => verb !== "add" && verb !== "dep" && verb !== "done" && verb !== "new" && verb !== "tag"),
  ...["dep add", "dep remove"],
]);
/** Verbs that a process which knows what has changed may do for others. */
export const READS = "blocked closed list ls query ready search show view".split(" ");
const KNOWN = new Map<string, "read" | "write">([
  ...READS.map((verb) => [verb, "read"] as const),
  ...WRITES.map((verb) => [verb, "write"] as const),
]);
const GROUPS = new Set(["ticket", "issue"]);
/** What says where, asks a person, waits, or stands for standard input or another file. */
const NOT =
  /^(?:--(?:dir|session|global|help|dry-run|wait|output|output-schema|yes|interactive|editor|web)(?:=|$)|-(?:C|h|i|e|o|)$|-[Co])/;

/** Others that go through a store once and end. */
const ALSO_BRIEF = new Set(["board", "ticket stats", "ticket graph"]);

/**
 * Whether a command goes through a store once and ends: V8 need make no machine code for it.
 */
export function isBrief(command: string): boolean {
  const [group = "", verb = ""] = command.split(" ");
  return (GROUPS.has(group) && KNOWN.has(verb)) || ALSO_BRIEF.has(command);
}

/** Whether the surroundings say where the store is, or that this is part of something else: then nobody is asked. */
export function isPlaced(env: Readonly<Record<string, string | undefined>>): boolean {
  return ["TICKETS_DIR", "AYO_SESSION", "AYO_HOOK", "GIT_DIR", "GIT_INDEX_FILE"].some((name) => env[name]);
}

/** What a command does that may be done by another process; undefined where it may not be. */
export function kindOf(words: readonly string[]): "read" | "write" | undefined {
  const [group = "", verb = "", ...rest] = words[0] === "--as" ? words.slice(2) : words;
  const kind = KNOWN.get(verb);
  if (!GROUPS.has(group) || (kind === "write" && rest.length === 0)) return undefined;
  return words.some((word) => NOT.test(word) || word.endsWith("=-") || word.includes("\uFFFD")) ? undefined : kind;
}
