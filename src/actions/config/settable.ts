import { AyoError } from "../../error.ts";
import { parseYaml } from "../../ticket/text/frontMatter.ts";

/** What the value of a setting is. */
type Kind = "text" | "number" | "boolean" | "list" | "mapping" | "text or mapping";

interface Settable {
  readonly kind: Kind;
  /** What holds without it, where that is the same in every store. */
  readonly standard?: unknown;
  /** `null` is a value of it, and not the same as no value. */
  readonly mayBeNull?: true;
}

/** Every setting that a command can set; `*` is a name that the store chose. */
const SETTABLE: Readonly<Record<string, Settable>> = {
  prefix: { kind: "text" },
  id: { kind: "text" },
  sync: { kind: "mapping" },
  "sync.auto": { kind: "boolean", standard: false },
  "sync.claims": { kind: "text", standard: "warn" },
  "sync.claims-ref": { kind: "text", standard: "ayo" },
  "sync.every": { kind: "text", standard: "1m" },
  "sync.outbox": { kind: "boolean", standard: true },
  "sync.ref": { kind: "text", standard: "refs/heads/ayo/tickets" },
  "sync.skip-ci": { kind: "boolean", standard: false },
  git: { kind: "text" },
  types: { kind: "list" },
  "board.initial": { kind: "text" },
  "board.columns": { kind: "list" },
  transitions: { kind: "mapping" },
  "transitions.*": { kind: "list" },
  "archive.after": { kind: "text" },
  keep: { kind: "mapping" },
  "keep.runs": { kind: "text", standard: "30d", mayBeNull: true },
  claims: { kind: "mapping" },
  "claims.lease": { kind: "text", standard: "15m" },
  review: { kind: "text or mapping", standard: "none" },
  "review.*": { kind: "text" },
  close: { kind: "mapping" },
  "close.criteria": { kind: "text", standard: "none" },
  "close.output": { kind: "text", standard: "none" },
  "close.verify": { kind: "text", standard: "none" },
  verify: { kind: "list" },
  "verify.*": { kind: "list" },
  questions: { kind: "mapping" },
  "questions.defaults": { kind: "text", standard: "off" },
  ready: { kind: "mapping" },
  "ready.deps": { kind: "text", standard: "closed" },
  "ready.base": { kind: "text", standard: "main" },
  delegation: { kind: "mapping" },
  "delegation.depth": { kind: "number", standard: 4 },
  "delegation.children": { kind: "number", standard: 20 },
  "delegation.tickets": { kind: "number", standard: 50 },
  "delegation.cost": { kind: "number" },
  hooks: { kind: "mapping" },
  "hooks.timeout": { kind: "text", standard: "30s" },
  search: { kind: "mapping" },
  "search.weights": { kind: "mapping" },
  "search.weights.semantic": { kind: "number", standard: 0.7 },
  "search.weights.keyword": { kind: "number", standard: 0.3 },
  "search.embeddings": { kind: "text or mapping", standard: "builtin" },
  "search.embeddings.url": { kind: "text" },
  "search.embeddings.model": { kind: "text" },
  "search.embeddings.dimensions": { kind: "number" },
  "search.embeddings.timeout": { kind: "number" },
  duplicates: { kind: "mapping" },
  "duplicates.refuse": { kind: "boolean", standard: false },
  views: { kind: "mapping" },
  "views.*": { kind: "text or mapping" },
  trackers: { kind: "mapping" },
  "trackers.linear": { kind: "mapping" },
  "trackers.linear.push": { kind: "text", standard: "linked" },
  "trackers.linear.conflicts": { kind: "text", standard: "remote" },
  "trackers.linear.comments": { kind: "text", standard: "people" },
  "trackers.github": { kind: "mapping" },
  "trackers.github.push": { kind: "text", standard: "linked" },
  "trackers.github.conflicts": { kind: "text", standard: "remote" },
  "trackers.github.comments": { kind: "text", standard: "none" },
};

/** The keys that can be set, for people: a name that the store chose is in capitals. */
export const SETTABLE_KEYS: readonly string[] = Object.keys(SETTABLE).map((key) =>
  key.replace("*", { "transitions.*": "COLUMN", "views.*": "NAME" }[key] ?? "TYPE"),
);

/** What can be set under this key; undefined for what is no setting. */
export function settableAt(key: string): Settable | undefined {
  if (Object.hasOwn(SETTABLE, key)) return SETTABLE[key];
  const [room = "", ...name] = key.split(".");
  return name.join(".") === "" ? undefined : SETTABLE[`${room}.*`];
}

/** The path of a setting in the file; the name of a type or column may have a dot in it. */
export function pathOf(key: string): string[] {
  const [room = "", ...rest] = key.split(".");
  return !Object.hasOwn(SETTABLE, key) && Object.hasOwn(SETTABLE, `${room}.*`)
    ? [room, rest.join(".")]
    : key.split(".");
}

/**
 * The value that a text stands for: lists are written `a, b`, whatever has more to it as in config.yml.
 * @throws bad_input for a text that is no such value
 */
export function settingFrom(key: string, { kind, mayBeNull }: Settable, text: string): unknown {
  return mayBeNull && text.trim() === "null" ? null : valueFrom(key, kind, text);
}

function valueFrom(key: string, kind: Kind, text: string): unknown {
  const trimmed = text.trim();
  const refuse = (fact: string): AyoError => new AyoError("bad_input", `${key} ${fact}`, { data: { key } });
  if (trimmed === "" || (kind === "text" && /[\p{Cc}\u2028\u2029]/u.test(trimmed))) {
    throw new AyoError("bad_input", `${key} needs a value on one line`, {
      try: ["ayo", "config", key, "--unset"],
      data: { key },
    });
  }
  if (kind === "number") {
    if (!/^\d+(?:\.\d+)?$/.test(trimmed)) throw refuse("must be a number");
    return Number(trimmed);
  }
  if (kind === "boolean") {
    if (trimmed !== "true" && trimmed !== "false") throw refuse("must be true or false");
    return trimmed === "true";
  }
  if (kind !== "text" && (/^[[{]/.test(trimmed) || trimmed.includes("\n"))) return yamlOf(text, refuse);
  if (kind === "list") return trimmed.split(",").flatMap((item) => (item.trim() === "" ? [] : [item.trim()]));
  if (kind === "mapping") throw refuse("is a mapping of keys to values: write '{key: value, …}'");
  return trimmed;
}

function yamlOf(text: string, refuse: (fact: string) => AyoError): unknown {
  try {
    return parseYaml(text, { path: "value", firstLine: 1 });
  } catch (error) {
    if (!(error instanceof AyoError)) throw error;
    throw refuse(`is no value that config.yml can have: ${error.message}`);
  }
}
