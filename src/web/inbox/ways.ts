import type { Category, Config, Line } from "../data/shapes.ts";
import type { PickKind } from "../page/pick.ts";

/** What can be done about a line: a verb of its ticket, or something to choose from a list. */
export type Way =
  | { readonly kind: "verb"; readonly verb: string; readonly key: string; readonly asks?: string | undefined }
  | { readonly kind: "list"; readonly list: PickKind; readonly key: string };

type Situation = Category | "unconfirmed";
type Row = readonly [verb: string, key: string, situation?: Situation];

/**
 * Verbs that settle a line of a kind, each with its key. With a situation it is what the server offers there, and where the
 * page knows the ticket only if that is its situation.
 */
const VERBS: Readonly<Record<string, readonly Row[]>> = {
  review: [
    ["approve", "a", "review"],
    ["reject", "b", "review"],
  ],
  unconfirmed: [["confirm", "a", "unconfirmed"]],
  accept: [["accept", "a"]],
  run: [["retry", "r"]],
  handed: [["start", "s", "todo"]],
  returned: [["start", "s", "todo"]],
  lost: [["start", "s", "todo"]],
  pipeline: [["unblock", "s", "blocked"]],
  taken_back: [["reopen", "s", "done"]],
};
/** Claims that nobody seems to work on; of what else is off track it would change nothing. */
const IDLE = /:(?:stale|idle)$/;
const RELEASE: readonly Row[] = [["release", "s", "active"]];
/** Kinds whose tickets are likely to want another assignee, or another day. */
const LISTS: Readonly<Record<string, readonly PickKind[]>> = {
  human: ["assignee"],
  returned: ["assignee"],
  run: ["assignee"],
  lost: ["assignee"],
  handed: ["assignee"],
  overdue: ["due", "assignee"],
  off_track: ["assignee"],
};
const LIST_KEYS: Readonly<Partial<Record<PickKind, string>>> = { assignee: "a", due: "D" };
/** Kinds whose lines stay what they are whatever the ticket's column is. */
const ANYWHERE: readonly (Situation | undefined)[] = [undefined, "unconfirmed"];

/** What can be done about a line, the likeliest first, as far as the server offers it; `category` is that of its ticket, where that is known. */
export function waysOf(
  { kind, key: line }: Pick<Line, "kind" | "key">,
  { offers, verbs }: Pick<Config, "offers" | "verbs">,
  category: Category | null | undefined,
): Way[] {
  const ways = (IDLE.test(line) ? RELEASE : (VERBS[kind] ?? [])).flatMap(([verb, key, situation]): Way[] => {
    if (situation === undefined) return verbs.includes(verb) ? [{ kind: "verb", verb, key }] : [];
    const offer = offers[situation].find((one) => one.verb === verb);
    const isOther = !ANYWHERE.includes(situation) && category !== undefined && category !== situation;
    return offer === undefined || isOther ? [] : [{ kind: "verb", verb, key, asks: offer.asks }];
  });
  const lists = category === undefined ? [] : (LISTS[kind] ?? []);
  return [...ways, ...lists.map((list): Way => ({ kind: "list", list, key: LIST_KEYS[list] ?? "" }))];
}
