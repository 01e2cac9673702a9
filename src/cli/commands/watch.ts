import type { ChannelEvent } from "../../actions/channel/channelEvent.ts";
import { watchInput, watchStores } from "../../actions/watch.ts";
import type { Changes } from "../../ticket/events/changes.ts";
import { shownTime } from "../../ticket/moments.ts";
import { channelText } from "../print/channelText.ts";
import { plain, plainLine } from "../print/print.ts";
import { truncate } from "../print/width.ts";
import type { Answer, Command, Context } from "../table/command.ts";
import { flagsOf } from "../table/flagsOf.ts";

/** `ayo watch`. */
export const watch: Command = {
  name: "watch",
  summary: "Make stores live: print everything that happens as it happens, or what is said and done on some tickets",
  positionals: [{ name: "id…", required: false, many: true, complete: "id" }],
  flags: {
    ...flagsOf(watchInput),
    dir: { type: "list", describe: "a store's directory; may be repeated" },
    session: { type: "list", describe: "a named store, under AYO_HOME; may be repeated" },
  },
  examples: [
    ["ayo watch", "one line an event, until Ctrl-C"],
    ["ayo watch ayo-x7k2", "one ticket: its last messages, then notes in full and all else as it happens"],
    ["ayo watch --json --since 8h", "first what happened in the last eight hours, then what happens now"],
    ["ayo watch --event ready,closed --dir api/.tickets --dir web/.tickets", "two stores, two kinds of events"],
  ],
  run: async (context, { flags, words: ids }): Promise<Answer> => {
    const { json, quiet } = flags;
    const stores = context.stores();
    const openers = flags.untilNow === true ? stores : stores.map((open) => () => context.live(open()));
    const event = Array.isArray(flags.event) ? flags.event.flatMap((one) => String(one).split(",")) : undefined;
    const naming = { store: openers.length > 1, ticket: ids.length !== 1, isChannel: ids.length > 0 };
    const print = (one: ChannelEvent): string => {
      if (json === true) return JSON.stringify(one);
      if (quiet === true) return one.ticket.id;
      const line = describeEvent(context, one, naming);
      return naming.isChannel ? channelText(context, one, line, naming.ticket) : line;
    };
    // A note that mentions somebody stands there in full.
    const isShown = ({ mention }: ChannelEvent): boolean =>
      json === true || ids.length === 0 || event !== undefined || typeof mention?.note !== "string";
    await watchStores(
      openers,
      {
        ...(ids.length === 0 ? {} : { ids }),
        ...(typeof flags.tail === "number" ? { tail: flags.tail } : {}),
        ...(event === undefined ? {} : { event }),
        ...(flags.since === undefined ? {} : { since: String(flags.since) }),
        poll: flags.poll === true,
        untilNow: flags.untilNow === true,
      },
      {
        onEvents: (events) => context.out(events.flatMap((one) => (isShown(one) ? [`${print(one)}\n`] : [])).join("")),
        onWarning: (text) => context.warn(`warning: ${plain(text)}`),
        onReady: () => {
          if (flags.untilNow !== true) context.warn("watching; Ctrl-C ends it");
        },
        until: context.untilSignal(),
      },
    );
    return { json: undefined, text: "" };
  },
};

/** What the lines of a watch have to say beside what happened. */
interface Naming {
  readonly store: boolean;
  readonly ticket: boolean;
  /** What is told of one ticket may be of another day, and its notes stand below. */
  readonly isChannel: boolean;
}

/** `03:40:12 closed        ayo-x7k2 Build login  @coder  status in_progress → closed`. */
function describeEvent({ paint, columns, tty }: Context, event: ChannelEvent, naming: Naming): string {
  const { ticket, at, actor, store, changes, cause } = event;
  const name = event.event.slice("ticket.".length);
  const time = paint.dim(tty.stdout ? (naming.isChannel ? shownTime(at) : localTime(at)) : at);
  const where = naming.store ? `${plainLine(store)} ` : "";
  const line = `${where}${time} ${colourOf(paint, name)(name.padEnd(13))} `;
  const said = event.mention?.names.join(" ") ?? rejectedText(event) ?? detail(name, changes, naming.isChannel);
  const after = cause.tickets === undefined ? said : `after ${cause.tickets.join(", ")}`;
  const what = naming.ticket ? [`${plainLine(ticket.id)} ${plainLine(ticket.title)}`] : [];
  const rest = [...what, paint.dim(plainLine(actor)), ...(after === "" ? [] : [paint.dim(plainLine(after))])].join(
    "  ",
  );
  return tty.stdout ? truncate(line + rest, Math.max(columns, 40)) : line + rest;
}

function rejectedText({ rejected, cause }: ChannelEvent): string | undefined {
  return rejected === undefined ? undefined : `${rejected.run}: ${cause.subject}`;
}

function localTime(at: string): string {
  return new Date(at).toTimeString().slice(0, 8);
}

function colourOf(paint: Context["paint"], name: string): (text: string) => string {
  if (name === "closed" || name === "approved" || name === "ready") return paint.green;
  if (["failed", "cancelled", "invalid", "gate_skipped", "unconfirmed", "deleted", "output_rejected"].includes(name))
    return paint.red;
  return ["blocked", "lease_expired", "rejected", "asked", "due"].includes(name) ? paint.yellow : paint.cyan;
}

/** What a line has room for of the changes: the fields that the event's name does not already tell. */
function detail(name: string, changes: Changes, ofTicket: boolean): string {
  if (name === "invalid") return String(changes.problem?.to ?? "can be read again");
  if (name === "commit_linked") {
    const { oid = "", subject = "" } = (changes.commits?.to ?? {}) as { oid?: string; subject?: string };
    return `${oid.slice(0, 8)} ${subject}`;
  }
  if (name === "created" || name === "deleted" || name === "archived") return "";
  const parts = Object.entries(changes).flatMap(([field, { from, to }]) => {
    if (
      ["started", "closed", "authors", "dispatched", "claim", "claimHead", "claimBranch", "path", "text"].includes(
        field,
      )
    )
      return [];
    if (field === "notes") return ofTicket ? [] : noteTexts(to);
    if (["description", "body"].includes(field)) return [field];
    return [`${field} ${show(from)} → ${show(to)}`];
  });
  return parts.join(", ");
}

function noteTexts(notes: unknown): string[] {
  if (!Array.isArray(notes)) return [];
  return notes.map((note) => `"${String((note as { text?: string | null }).text ?? "").split("\n")[0]}"`);
}

function show(value: unknown): string {
  if (value === null) return "none";
  if (Array.isArray(value)) return `[${value.map(show).join(", ")}]`;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
