import { AyoError } from "../../error.ts";
import type { Config } from "../../store/open/config/config.ts";
import { CONFIG_FILE } from "../../store/open/config/values.ts";
import { parseQuery } from "../../ticket/filter/query.ts";
import { SORTS, type Sort } from "./sorts.ts";

/** A filter that people go back to, with how it is looked at; config.yml names it under `views:`. */
export interface SavedView {
  readonly name: string;
  readonly filter: string;
  readonly sort?: Sort;
  /** What a board groups a column by. */
  readonly group?: string;
  /** What a board cuts its columns by into rows. */
  readonly lanes?: string;
}

const NAME = /^[\p{L}\p{N}][\p{L}\p{N} _-]{0,39}$/u;
const KEYS = ["filter", "sort", "group", "lanes"];

/** The views that a store shares, in the order of config.yml. @throws bad_config */
export function viewsIn({ settings }: Pick<Config, "settings">): readonly SavedView[] {
  const { views } = settings;
  if (views === undefined || views === null) return [];
  if (typeof views !== "object" || Array.isArray(views)) throw bad("views", "must be a mapping of names to filters");
  return Object.entries(views).map(([name, value]) => viewOf(name, value));
}

/** The view of a name. @throws bad_input with the names that there are */
export function viewNamed(config: Pick<Config, "settings">, name: string): SavedView {
  const all = viewsIn(config);
  const found = all.find((view) => view.name === name);
  if (found !== undefined) return found;
  const names = all.map((view) => view.name);
  const there = names.length === 0 ? `config.yml names none: ayo config 'views.${name}' FILTER` : names.join(", ");
  throw new AyoError("bad_input", `there is no view '${name}'; ${there}`, { data: { field: "view", allowed: names } });
}

function viewOf(name: string, value: unknown): SavedView {
  const at = `views.${name}`;
  if (!NAME.test(name)) throw bad(at, "must have a name of letters, digits, spaces, - and _");
  const raw = typeof value === "string" ? { filter: value } : value;
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) throw bad(at, "must be a filter, or a mapping");
  const { filter, sort, group, lanes } = raw as Readonly<Record<string, unknown>>;
  const strange = Object.keys(raw).find((key) => !KEYS.includes(key));
  if (strange !== undefined) throw bad(`${at}.${strange}`, `is not known; there are ${KEYS.join(", ")}`);
  const order = SORTS.find((one) => one === sort);
  if (sort !== undefined && order === undefined) throw bad(`${at}.sort`, `must be one of ${SORTS.join(", ")}`);
  if (group !== undefined && !isWord(group)) throw bad(`${at}.group`, "must be a word, such as assignee");
  if (lanes !== undefined && !isWord(lanes)) throw bad(`${at}.lanes`, "must be a word, such as assignee");
  return {
    name,
    filter: filterIn(filter, `${at}.filter`),
    ...(order === undefined ? {} : { sort: order }),
    ...(isWord(group) ? { group } : {}),
    ...(isWord(lanes) ? { lanes } : {}),
  };
}

const isWord = (value: unknown): value is string => typeof value === "string" && /^[\w-]{1,40}$/.test(value);

/** A filter whose words are some; whether a column of them is there is seen where it is used. */
function filterIn(value: unknown, key: string): string {
  if (typeof value !== "string" || value.length > 500 || /\p{Cc}/u.test(value))
    throw bad(key, "must be a filter on one line, such as 'type:bug -is:done'");
  try {
    parseQuery(value, { strict: true });
  } catch (error) {
    if (!(error instanceof AyoError)) throw error;
    throw bad(key, error.message);
  }
  return value.trim();
}

function bad(key: string, fact: string): AyoError {
  return new AyoError("bad_config", `${CONFIG_FILE}: ${key} ${fact}`, { data: { path: CONFIG_FILE, key } });
}
