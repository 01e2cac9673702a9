import * as v from "valibot";
import { AyoError } from "../../error.ts";
import { findTicket } from "../../store/disk/findTicket.ts";
import { readStore } from "../../store/disk/view.ts";
import { eventNamed } from "../../store/hooks/findHooks.ts";
import { failureOf, runOne } from "../../store/hooks/fireHooks.ts";
import { type Hook, hooksFor, hooksOf, whyNot, wordFor } from "../../store/hooks/hook.ts";
import { withHooksEnding } from "../../store/hooks/runHook.ts";
import type { HookRun } from "../../store/hooks/runLog.ts";
import { allowLine } from "../../store/open/effect.ts";
import { actorOf } from "../../store/open/identity/identity.ts";
import { EVENTS, type EventName, type TicketEvent } from "../../ticket/events/events.ts";
import { briefOf } from "../../ticket/events/ticketBrief.ts";
import { formatTime } from "../../ticket/time.ts";
import { action, flag, id, text, writeOptions } from "../input/action.ts";
import { type HookJson, hookJson } from "./hookJson.ts";

/** What `hooks run` answers. */
export interface HooksRun {
  /** What the hooks got on their stdin. */
  readonly event: TicketEvent;
  /** The hooks of the event. */
  readonly hooks: readonly HookJson[];
  /** Empty with `--dry-run`. */
  readonly runs: readonly (HookRun & { readonly ok: boolean })[];
  /** Hooks that were left out, and why. */
  readonly notices: readonly string[];
}

/** `ayo hooks run <event> <id>`: to try a hook without a change. */
export const hooksRun = action({
  name: "hooks run",
  summary: "Run an event's hooks for a ticket now, as if it had happened",
  writes: false,
  input: v.object({
    event: text("the event: ticket.closed, ticket.ready, …"),
    id,
    dryRun: flag("print the JSON that the hooks would get, run nothing"),
    as: writeOptions.as,
  }),
  run: async (store, input): Promise<HooksRun> => {
    const name = eventOf(input.event);
    const view = await readStore(store);
    const ticket = await findTicket(store, view, input.id, true);
    const event: TicketEvent = {
      schema: 1,
      id: `run:${view.now}`,
      event: name,
      at: formatTime(view.now),
      actor: actorOf(input.as, store).name,
      store: store.dir,
      ticket: briefOf(view, ticket),
      changes: {},
      cause: { commit: null, subject: "ayo hooks run" },
    };
    const hooks = hooksFor(hooksOf(store), name);
    const json = hooks.map((hook) => hookJson(store, hook));
    const notices = hooks.flatMap((hook) => whyNot(store, hook) ?? []);
    if (input.dryRun) return { event, hooks: json, runs: [], notices };
    const allowed = hooks.filter(({ state }) => state === "allowed");
    if (allowed.length === 0)
      throw nothingToRun(name, hooks, allowLine(store, wordFor(hooks[0] ?? { path: name, event: name })));
    const runs: (HookRun & { ok: boolean })[] = [];
    await withHooksEnding(store.host, async () => {
      for (const hook of allowed) {
        const run = await runOne(store, hook, event);
        runs.push({ ...run, ok: failureOf(run) === undefined });
      }
    });
    return { event, hooks: json, runs, notices };
  },
});

/** @throws bad_input for a name that no event bears */
function eventOf(name: string): EventName {
  const event = eventNamed(name) ?? eventNamed(`ticket.${name}`);
  if (event !== undefined) return event;
  throw new AyoError("bad_input", `no event is called '${name}'; there are ${EVENTS.join(", ")}`, {
    data: { event: name, allowed: EVENTS },
  });
}

function nothingToRun(event: EventName, hooks: readonly Hook[], allow: readonly string[]): AyoError {
  const [first] = hooks;
  if (first === undefined) {
    return new AyoError("not_found", `${event} has no hook`, { try: ["ayo", "hooks", "list"], data: { event } });
  }
  if (first.state === "broken") return new AyoError("bad_input", `${first.path}: ${first.problem?.message}`);
  const fact = first.state === "changed" ? "was changed since it was allowed" : "is not allowed to run";
  return new AyoError("needs_confirmation", `${first.path} ${fact} on this machine; look at it first`, { try: allow });
}
