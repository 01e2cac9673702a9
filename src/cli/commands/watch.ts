import { watchInput, watchStores } from "../../actions/watch.ts";
import type { Changes } from "../../ticket/events/changes.ts";
import type { TicketEvent } from "../../ticket/events/events.ts";
import { plain } from "../print/print.ts";
import { truncate } from "../print/width.ts";
import type { Answer, Command, Context } from "../table/command.ts";
import { flagsOf } from "../table/flagsOf.ts";

/** `ayo watch`. */
export const watch: Command = {
  name: "watch",
  summary: "Make stores live: commit hand edits, print everything that happens as it happens",
  positionals: [],
  flags: {
    ...flagsOf(watchInput),
    dir: { type: "list", describe: "a store's directory; may be repeated" },
    session: { type: "list", describe: "a named store, under AYO_HOME; may be repeated" },
  },
  examples: [
    ["ayo watch", "one line an event, until Ctrl-C"],
    ["ayo watch --json --since 8h", "first what happened in the last eight hours, then what happens now"],
    ["ayo watch --event ready,closed --dir api/.tickets --dir web/.tickets", "two stores, two kinds of events"],
  ],
  run: async (context, { flags }): Promise<Answer> => {
    const { json, quiet } = flags;
    const stores = context.stores();
    const openers = flags.untilNow === true ? stores : stores.map((open) => () => context.live(open()));
    const event = Array.isArray(flags.event) ? flags.event.flatMap((one) => String(one).split(",")) : undefined;
    const print = (one: TicketEvent): string => {
      if (json === true) return JSON.stringify(one);
      return quiet === true ? one.ticket.id : describeEvent(context, one, openers.length > 1);
    };
    await watchStores(
      openers,
      {
        ...(event === undefined ? {} : { event }),
        ...(flags.since === undefined ? {} : { since: String(flags.since) }),
        poll: flags.poll === true,
        untilNow: flags.untilNow === true,
      },
      {
        onEvents: (events) => context.out(events.map((one) => `${print(one)}\n`).join("")),
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

/** `03:40:12 closed        ayo-x7k2 Build login  @coder  status in_progress → closed`. */
function describeEvent({ paint, columns, tty }: Context, event: TicketEvent, named: boolean): string {
  const { ticket, at, actor, store, changes, cause } = event;
  const name = event.event.slice("ticket.".length);
  const time = paint.dim(tty.stdout ? localTime(at) : at);
  const where = named ? `${store} ` : "";
  const line = `${where}${time} ${colourOf(paint, name)(name.padEnd(13))} ${plain(ticket.id)} `;
  const said = event.mention?.names.join(" ") ?? detail(name, changes);
  const after = cause.tickets === undefined ? said : `after ${cause.tickets.join(", ")}`;
  const rest = [plain(ticket.title), paint.dim(plain(actor)), ...(after === "" ? [] : [paint.dim(plain(after))])].join(
    "  ",
  );
  return tty.stdout ? truncate(line + rest, Math.max(columns, 40)) : line + rest;
}

function localTime(at: string): string {
  return new Date(at).toTimeString().slice(0, 8);
}

function colourOf(paint: Context["paint"], name: string): (text: string) => string {
  if (name === "closed" || name === "approved" || name === "ready") return paint.green;
  if (["failed", "cancelled", "invalid", "gate_skipped", "unconfirmed", "deleted"].includes(name)) return paint.red;
  return ["blocked", "lease_expired", "rejected", "asked", "due"].includes(name) ? paint.yellow : paint.cyan;
}

/** What a line has room for of the changes: the fields that the event's name does not already tell. */
function detail(name: string, changes: Changes): string {
  if (name === "invalid") return String(changes.problem?.to ?? "can be read again");
  if (name === "commit_linked") {
    const { oid = "", subject = "" } = (changes.commits?.to ?? {}) as { oid?: string; subject?: string };
    return `${oid.slice(0, 8)} ${subject}`;
  }
  if (name === "created" || name === "deleted" || name === "archived") return "";
  const parts = Object.entries(changes).flatMap(([field, { from, to }]) => {
    if (["started", "closed", "authors", "claim", "claimHead", "claimBranch", "path", "text"].includes(field))
      return [];
    if (field === "notes") return noteTexts(to);
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
