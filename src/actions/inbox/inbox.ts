import * as v from "valibot";
import { quoteWord } from "../../error.ts";
import { readTicketText } from "../../store/disk/readFile.ts";
import { readStore, type View } from "../../store/disk/view.ts";
import { changeMarks } from "../../store/history/inboxMarks.ts";
import { actorOf, personOf } from "../../store/open/identity/identity.ts";
import type { Store } from "../../store/open/store.ts";
import { readDescription } from "../../ticket/text/body.ts";
import { withIds } from "../../ticket/text/noteId.ts";
import { parseNotes } from "../../ticket/text/notes.ts";
import { formatTime } from "../../ticket/time.ts";
import { action, flag, limitOf, optionalText } from "../input/action.ts";
import { actOf, INBOX_KINDS, type InboxKind, type Need } from "./item.ts";
import { inboxOf, isAway, type Marked } from "./needsNow.ts";

/** A line of an inbox. */
export interface InboxItem {
  /** What `inbox done` and `inbox snooze` call it. */
  readonly key: string;
  readonly kind: InboxKind;
  /** The ticket; the file's name where it cannot be read, `config` for config.yml. */
  readonly id: string;
  readonly title: string;
  readonly by: string | null;
  readonly at: string | null;
  readonly text: string;
  readonly note?: string;
  /** Of a question: what may be answered by number, and what is the answer from when on where nobody answers. */
  readonly options?: readonly string[];
  readonly defaultAnswer?: string;
  readonly answerBy?: string;
  /** The command to act. */
  readonly act: string;
  /** With `all`: that it was put away, for good or until then. */
  readonly state?: "done" | "snoozed";
  readonly until?: string;
}

/** What needs somebody. */
export interface Inbox {
  readonly actor: string;
  readonly items: readonly InboxItem[];
  /** How many there are, also those beyond the limit. */
  readonly total: number;
  readonly truncated: boolean;
  /** How many of each kind. */
  readonly counts: Readonly<Partial<Record<InboxKind, number>>>;
  readonly notices: readonly string[];
}

const LIMIT = 50;
/** Longer texts are cut; in characters. */
const MAX_TEXT = 200;

/** `ayo inbox`. */
export const inbox = action({
  name: "inbox",
  summary: "List what needs you: questions, reviews, mentions, what others handed over",
  writes: false,
  input: v.object({
    kind: v.optional(v.pipe(v.array(v.picklist(INBOX_KINDS)), v.description("only these kinds"))),
    all: flag("also what was put away"),
    new: flag("only what was not told with --new before; for programs that notify"),
    limit: limitOf("how many at most; 50 unless told"),
    person: flag("of the person, also where an agent calls; for hooks"),
    as: optionalText("the agent whose inbox it is"),
  }),
  run: async (store, input): Promise<Inbox> => {
    const view = await readStore(store);
    const { name } = input.person === true ? personOf(store) : actorOf(input.as, store);
    const { needs, trouble } = await inboxOf(store, view, name);
    const kinds = input.kind === undefined ? undefined : new Set<InboxKind>(input.kind);
    const wanted = needs.filter(({ need, mark }) => {
      if (kinds !== undefined && !kinds.has(need.kind)) return false;
      return input.all === true || !isAway(mark, view.now);
    });
    const told = input.new === true ? await notToldBefore(store, name, wanted, view.now) : wanted;
    const shown = told.slice(0, input.limit ?? LIMIT);
    const counts: Partial<Record<InboxKind, number>> = {};
    for (const { need } of told) counts[need.kind] = (counts[need.kind] ?? 0) + 1;
    const texts = textReader(store, view);
    return {
      actor: name,
      items: shown.map((one) => itemOf(one, view.now, texts)),
      total: told.length,
      truncated: shown.length < told.length,
      counts,
      notices: trouble === undefined ? [] : [`what you put away is not known: ${trouble}`],
    };
  },
});

/** What is in somebody's inbox now, for who tells of it beside other things: all, of which `shown` have texts. */
export async function itemsNow(
  store: Store,
  view: View,
  name: string,
  shown: number,
  isWanted: (need: Need) => boolean,
): Promise<InboxItem[]> {
  const { needs } = await inboxOf(store, view, name);
  const wanted = needs.filter(({ need, mark }) => !isAway(mark, view.now) && isWanted(need));
  const read = textReader(store, view);
  return wanted.map((one, at) => itemOf(one, view.now, at < shown ? read : () => ""));
}

/** What nobody was told of, which is written down: of two programs that ask at once one is told. */
function notToldBefore(store: Store, name: string, wanted: readonly Marked[], now: number): Promise<Marked[]> {
  if (wanted.every(({ mark }) => mark?.told !== undefined)) return Promise.resolve([]);
  return changeMarks(store, name, (marks) => {
    const result: Marked[] = [];
    for (const one of wanted) {
      const { key, about } = one.need;
      const known = marks.get(key) ?? one.mark;
      if (known?.about === about && known.told !== undefined) continue;
      marks.set(key, { ...(known?.about === about ? known : {}), about, told: now });
      result.push(one);
    }
    return { result, isChanged: result.length > 0 };
  });
}

function itemOf({ need, mark }: Marked, now: number, textOf: (need: Need) => string): InboxItem {
  const { key, kind, id, title, by, note } = need;
  const at = need.at === undefined ? null : formatTime(need.at);
  const common = { key, kind, id, title, by, at, text: textOf(need), ...(note === undefined ? {} : { note }) };
  const item = { ...common, ...need.choice, act: actOf(need).map(quoteWord).join(" ") };
  if (!isAway(mark, now)) return item;
  if (mark?.done !== undefined) return { ...item, state: "done" };
  return { ...item, state: "snoozed", until: formatTime(mark?.until ?? now) };
}

/** Reads what was said, of the lines that are shown. */
function textReader(store: Store, view: View): (need: Need) => string {
  const sources = new Map<string, string>();
  const sourceOf = (id: string): string => {
    const known = sources.get(id) ?? textOfTicket(store, view, id);
    sources.set(id, known);
    return known;
  };
  return ({ key, id, note, text }) => {
    if (note === undefined && key !== `${id}:text`) return text;
    const source = sourceOf(id);
    const said =
      note === undefined ? readDescription(source) : withIds(parseNotes(source)).find((one) => one.id === note)?.text;
    return cut(said ?? "");
  };
}

/** It may be gone, or unreadable, since the view was made: then the line has no text. */
function textOfTicket({ dir }: Store, view: View, id: string): string {
  const ticket = view.byId.get(id);
  try {
    return ticket === undefined ? "" : readTicketText(dir, ticket.path);
  } catch {
    return "";
  }
}

function cut(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  if (line.length <= MAX_TEXT) return line;
  // Half a character is none.
  return `${line.slice(0, MAX_TEXT - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
