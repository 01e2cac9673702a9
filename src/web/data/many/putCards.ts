import { comparePlaced } from "../../../ticket/rank.ts";
import type { ranksFor as RanksFor } from "../../../ticket/rules/rankBetween.ts";
import { say } from "../../words/say.ts";
import { Problem, refusal } from "../api.ts";
import { sendChange } from "../changes.ts";
import { confirmChange, fail, ticketName } from "../commands.ts";
import { model, readSome, showChanged } from "../model.ts";
import { type Card, isFinished, type Written } from "../shapes.ts";
import { nameOf } from "./changeMany.ts";
import type { Operation, Target } from "./target.ts";

/** What works ranks out; no card is moved before the board was seen, so it comes after that. */
let ranksFor: typeof RanksFor | undefined;

/** Has what moves cards at hand; where it cannot be had the server's answer shows where they came down. */
export async function prepareToPut(): Promise<void> {
  try {
    ({ ranksFor } = await import("../../../ticket/rules/rankBetween.ts"));
  } catch {
    // It is asked for again with the next one.
  }
}

/** One order after the other: each is made of what the one before it left. */
let last: Promise<unknown> = Promise.resolve();

/** Puts cards somewhere, all or none, in one commit: shown at once, and back with the reason where the server refuses. */
export async function putCards(ids: readonly string[], target: Target): Promise<boolean> {
  if (target.place !== undefined && ranksFor === undefined) await prepareToPut();
  const known = model.get();
  if (known === undefined || known instanceof Problem) return false;
  const cards = ids.flatMap((id) => known.cards.get(id) ?? []);
  const operations = operationsFor(cards, target);
  if (operations.length === 0) return true;
  const endShowing = showChanged(changesFor(cards, target, known.cards));
  const before = last;
  const about = `put ${ids.join(" ")}`;
  const sent = before.then(() =>
    sendChange<Written>("/batch", { body: { operations }, onAnswer: endShowing }).then(
      (written) => {
        confirmChange(`${nameOf(ids)}: ${saidOf(cards, target, known.cards)}`, written, { about });
        return true;
      },
      async (error: unknown) => {
        const why = refusal(error).replace(/^line \d+ \([^)]*\): /, "");
        fail(error, about, {
          text: say.data.stayPut(nameOf(ids), why),
          again: () => void putCards(ids, target),
        });
        await readSome(ids);
        return false;
      },
    ),
  );
  last = sent;
  return sent;
}

function operationsFor(cards: readonly Card[], { column, place, fields }: Target): Operation[] {
  const ids = (some: readonly Card[]): string[] => some.map(({ id }) => id);
  const strangers = cards.filter(({ status }) => column !== undefined && status !== column.id);
  return [
    ...(fields === undefined ? [] : [{ ...fields.operation, ids: ids(cards) }]),
    ...(column === undefined || strangers.length === 0
      ? []
      : [{ op: "status", column: column.id, ids: ids(strangers) }]),
    ...(place === undefined ? [] : [{ op: "rank", ids: ids(cards), ...place }]),
  ];
}

/** What the page shows until the server has answered: the same as that will say. */
function changesFor(
  cards: readonly Card[],
  { column, place, fields }: Target,
  all: ReadonlyMap<string, Card>,
): ReadonlyMap<string, Partial<Card>> {
  const changes = new Map<string, Partial<Card>>();
  const anchor = place === undefined ? undefined : all.get("before" in place ? place.before : place.after);
  for (const { id } of cards) {
    changes.set(id, {
      ...fields?.shown,
      ...(column === undefined ? {} : { status: column.id, category: column.category }),
      ...(anchor === undefined ? {} : { priority: anchor.priority }),
    });
  }
  if (place === undefined || anchor === undefined) return changes;
  const others = [...all.values()]
    .filter((one) => one.status === anchor.status && one.priority === anchor.priority && !changes.has(one.id))
    .sort(comparePlaced);
  const at = others.indexOf(anchor) + ("after" in place ? 1 : 0);
  const order = [...others.slice(0, at), ...cards, ...others.slice(at)];
  for (const [id, rank] of ranksFor?.(order, new Set(cards.map(({ id: own }) => own))) ?? [])
    changes.set(id, { ...changes.get(id), rank: rank ?? undefined });
  return changes;
}

function saidOf(cards: readonly Card[], { column, place, fields }: Target, all: ReadonlyMap<string, Card>): string {
  const anchor = place === undefined ? undefined : "before" in place ? place.before : place.after;
  const priority = anchor === undefined ? undefined : all.get(anchor)?.priority;
  const isOther = priority !== undefined && cards.some((card) => card.priority !== priority);
  const parts = [
    fields?.said,
    column !== undefined && cards.some(({ status }) => status !== column.id) ? say.did.moved(column.name) : undefined,
    place === undefined
      ? undefined
      : "before" in place
        ? say.did.before(ticketName(place.before))
        : say.did.after(ticketName(place.after)),
    isOther ? say.did.priority(String(priority)) : undefined,
  ];
  return parts.filter((part) => part !== undefined).join(", ");
}

/** The place between two neighbours, either of which may be missing; of their priorities the card's own comes first. */
export function placeBetween(card: Card, before: Card | undefined, after: Card | undefined): Target["place"] {
  const some = [before, after].filter((one) => one !== undefined && !isFinished(one));
  const anchor = some.find((one) => one?.priority === card.priority) ?? some[0];
  if (anchor === undefined) return undefined;
  return anchor === before ? { after: anchor.id } : { before: anchor.id };
}
