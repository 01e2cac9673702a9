/** What a key of config.yml has below it: nothing, names that are known, or names that the store chose. */
type Below = { readonly [name: string]: Below } | "value" | "named" | "columns";

/** Every key that config.yml may have. */
const KEYS: { readonly [name: string]: Below } = {
  board: { columns: "columns", initial: "value", types: "value", transitions: "named" },
  types: "value",
  transitions: "named",
  git: "value",
  id: "value",
  prefix: "value",
  sync: {
    auto: "value",
    claims: "value",
    "claims-ref": "value",
    every: "value",
    outbox: "value",
    ref: "value",
    "skip-ci": "value",
  },
  archive: { after: "value" },
  unconfirmed: {
    review: "named",
    close: { criteria: "value", output: "value", verify: "value" },
    verify: "named",
    board: "value",
    transitions: "named",
    questions: { defaults: "value" },
    ready: { deps: "value", base: "value" },
    delegation: { depth: "value", children: "value", tickets: "value", cost: "value" },
  },
  claims: { lease: "value" },
  keep: { runs: "value" },
  review: "named",
  close: { criteria: "value", output: "value", verify: "value" },
  verify: "named",
  questions: { defaults: "value" },
  search: {
    weights: { semantic: "value", keyword: "value" },
    embeddings: { url: "value", model: "value", dimensions: "value", timeout: "value" },
  },
  duplicates: { refuse: "value" },
  hooks: { timeout: "value" },
  ready: { deps: "value", base: "value" },
  delegation: { depth: "value", children: "value", tickets: "value", cost: "value" },
  views: "named",
  trackers: {
    linear: {
      team: "value",
      "team-id": "value",
      url: "value",
      push: "value",
      conflicts: "value",
      comments: "value",
      states: "named",
      people: "named",
    },
    github: {
      repo: "value",
      "repo-id": "value",
      url: "value",
      push: "value",
      conflicts: "value",
      comments: "value",
      states: "named",
      people: "named",
    },
  },
};
const COLUMN_KEYS = ["id", "name", "category", "phase", "limit", "role", "prompt", "enter"];
const LIMIT_KEYS = ["max", "refuse"];

/** The keys at the margin. */
export const TOP_KEYS: readonly string[] = Object.keys(KEYS);

/** A key of config.yml, or its value, that this ayo does not know: of a later one, of another tool, or mistyped. */
export interface UnknownKey {
  /** `close.critera`; of a column `board.columns.3.wip`. */
  readonly key: string;
  /** From 1. */
  readonly line: number;
  /** What it may be at its place. */
  readonly allowed: readonly string[];
  /** Where the key is known and its value is not: what is wrong with it. */
  readonly fact?: string;
}

/** The keys of a parsed config.yml that nothing here reads; `lineOf` finds the line of a key's last part. */
export function unknownKeys(raw: object, lineOf: (name: string) => number): UnknownKey[] {
  const found = unknownBelow(raw, KEYS, "").map((one) => ({ ...one, line: lineOf(one.key.split(".").at(-1) ?? "") }));
  return found.sort((left, right) => left.line - right.line);
}

function unknownBelow(value: unknown, below: Below, path: string): Omit<UnknownKey, "line">[] {
  if (below === "columns" && Array.isArray(value))
    return value.flatMap((column, at) => [
      ...strangers(column, COLUMN_KEYS, `${path}${at + 1}.`),
      ...(isMapping(column) ? strangers(column.limit, LIMIT_KEYS, `${path}${at + 1}.limit.`) : []),
    ]);
  if (typeof below !== "object" || !isMapping(value)) return [];
  const children = Object.entries(below).filter(([name]) => Object.hasOwn(value, name));
  return [
    ...strangers(value, Object.keys(below), path),
    ...children.flatMap(([name, child]) => unknownBelow(value[name], child, `${path}${name}.`)),
  ];
}

function strangers(value: unknown, allowed: readonly string[], path: string): Omit<UnknownKey, "line">[] {
  if (!isMapping(value)) return [];
  const names = Object.keys(value).filter((name) => !allowed.includes(name));
  return names.map((name) => ({ key: `${path}${name}`, allowed }));
}

/** Whether a value is keys with values. */
export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What there is to say of an unknown key or value, after the file and line. */
export function unknownKeyText({ key, allowed, fact }: UnknownKey): string {
  const known = allowed.length === 0 ? "" : `; known here: ${allowed.join(", ")}`;
  return fact === undefined ? `unknown key '${key}' is not used${known}` : `${fact}: it is not used${known}`;
}
