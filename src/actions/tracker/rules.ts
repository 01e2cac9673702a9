import { AyoError } from "../../error.ts";
import { urlTrouble } from "../../store/allow/urls.ts";
import type { Config } from "../../store/open/config/config.ts";
import { CONFIG_FILE } from "../../store/open/config/values.ts";
import { FACTS, type SharedNotes, TRACKERS, type TrackerFacts, type TrackerName } from "./kinds/facts.ts";

/** What config.yml says of a tracker, under `trackers:`. */
export interface TrackerRules {
  readonly name: TrackerName;
  /** The team or the repository as people call it: `ENG`, `acme/web`. */
  readonly place: string;
  /** Its id, which stays where its name changes. */
  readonly placeId: string;
  readonly url: string | undefined;
  /** `all`: every ticket becomes an item; `linked`: only those that somebody published. */
  readonly push: "linked" | "all";
  /** Whose value stays where both sides changed one. */
  readonly conflicts: "remote" | "local";
  readonly comments: SharedNotes;
  /** Columns and the ids of the states that they are. */
  readonly states: Readonly<Record<string, string>>;
  /** Our names and the ids of people there. */
  readonly people: Readonly<Record<string, string>>;
}

type Settings = Pick<Config, "settings">;

/** The trackers that config.yml names. @throws bad_config */
export function trackersIn({ settings }: Settings): readonly TrackerRules[] {
  const trackers = mapping(settings.trackers, "trackers");
  const all = TRACKERS.flatMap((name) => {
    const raw = mapping(trackers?.[name], `trackers.${name}`);
    return raw === undefined ? [] : [rulesIn(raw, FACTS[name])];
  });
  const greedy = all.filter(({ push }) => push === "all");
  if (greedy.length < 2) return all;
  throw bad("trackers", "a ticket is kept at one tracker: only one of them can have push: all");
}

function rulesIn(raw: Readonly<Record<string, unknown>>, { name, flag, place, example, comments }: TrackerFacts) {
  const at = `trackers.${name}`;
  const url = raw.url === undefined ? undefined : urlTrouble(raw.url, `trackers.${name}.url`);
  if (url !== undefined) throw bad(`${at}.url`, url);
  const isMissing = `is missing: 'ayo tracker add ${name} --${flag} ${example}' finds it`;
  const id = raw[`${flag}-id`];
  const notes = [comments, ...(["people", "all", "none"] as const).filter((one) => one !== comments)] as const;
  return {
    name,
    place: word(raw[flag], `${at}.${flag}`, `must be a ${place}, such as ${example}`),
    placeId: word(typeof id === "number" ? String(id) : id, `${at}.${flag}-id`, isMissing),
    url: raw.url as string | undefined,
    push: one(raw.push, `${at}.push`, ["linked", "all"]),
    conflicts: one(raw.conflicts, `${at}.conflicts`, ["remote", "local"]),
    comments: one(raw.comments, `${at}.comments`, notes),
    states: words(raw.states, `${at}.states`),
    people: words(raw.people, `${at}.people`),
  };
}

/** Of which tracker a store's config.yml says what; the only one where none is named. @throws bad_input, bad_config */
export function rulesFor(config: Settings, named: string | undefined): TrackerRules {
  const all = trackersIn(config);
  const [first, second] = all;
  const found = named === undefined ? first : all.find(({ name }) => name === named);
  if (named === undefined && second !== undefined) {
    const names = all.map(({ name }) => name);
    throw new AyoError("bad_input", `this store has several trackers: say which by --tracker, of ${names.join(", ")}`, {
      data: { field: "tracker", allowed: names },
    });
  }
  if (found !== undefined) return found;
  const { name, flag, example } = FACTS[TRACKERS.find((one) => one === named) ?? "linear"];
  const what = named === undefined ? "no tracker" : `no tracker ${name}`;
  const message = `this store has ${what}: 'ayo tracker add ${name} --${flag} ${example}' adds one`;
  throw new AyoError("bad_input", message, { try: ["ayo", "help", "tracker", "add"] });
}

function bad(key: string, fact: string): AyoError {
  return new AyoError("bad_config", `${CONFIG_FILE}: ${key} ${fact}`, { data: { path: CONFIG_FILE, key } });
}

function mapping(value: unknown, key: string): Readonly<Record<string, unknown>> | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "object" || Array.isArray(value)) throw bad(key, "must be a mapping of keys to values");
  return value as Readonly<Record<string, unknown>>;
}

const isLine = (value: unknown): value is string =>
  typeof value === "string" && value.length <= 100 && /^[^\p{C}\p{Zl}\p{Zp}]+$/u.test(value) && value === value.trim();

function word(value: unknown, key: string, fact: string): string {
  if (isLine(value) && /^[\x21-\x7e]+$/.test(value)) return value;
  throw bad(key, fact);
}

/** One of some words, the first where nothing is said. */
function one<const T extends string>(value: unknown, key: string, allowed: readonly [T, ...T[]]): T {
  const found = value === undefined || value === null ? allowed[0] : allowed.find((name) => name === value);
  if (found !== undefined) return found;
  throw bad(key, `must be one of ${[...allowed].sort().join(", ")}`);
}

function words(value: unknown, key: string): Readonly<Record<string, string>> {
  const found = Object.entries(mapping(value, key) ?? {});
  for (const [name, id] of found)
    if (!isLine(id)) throw bad(`${key}.${name}`, "must be an id; 'ayo tracker map' shows them");
  return Object.fromEntries(found) as Record<string, string>;
}
