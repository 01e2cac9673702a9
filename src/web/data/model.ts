import { CARD_FIELDS } from "../../ticket/cardFields.ts";
import { route } from "../page/router.ts";
import { state } from "../page/state.ts";
import { answerOrder } from "./answers/answerOrder.ts";
import { keepValue, keptSince } from "./answers/kept.ts";
import { call, Problem } from "./api.ts";
import { type Children, columnsOf, countChildren, withNeighbours } from "./derived.ts";
import type { Card, Column, Config, FileProblem, Named } from "./shapes.ts";

/** The store as this page knows it. */
export interface Model {
  readonly config: Config;
  /** Those of the configuration, then statuses that are none of them. */
  readonly columns: readonly Column[];
  readonly cards: ReadonlyMap<string, Card>;
  readonly problems: readonly FileProblem[];
  readonly children: Children;
}

/** Undefined until it was read; a Problem where it cannot be. */
export const model = state<Model | Problem | undefined>(undefined);
/** What the server tells of the store, which comes before its tickets; undefined until then. */
export const configured = state<Config | undefined>(undefined);
/** Why what is shown may be old: config.yml cannot be read, and says why; "" while it can. */
export const trouble = state("");
/** The stores of the server. */
export const workflows = state<readonly { readonly id: string; readonly dir: string }[]>([]);

/** How soon a server that was busy is asked again, in milliseconds. */
const RETRY_AFTER = 2000;
/** With more than these the whole board is read anew. */
const MOST_READ = 150;

/** Where the whole board is read. */
const BOARD = `/board?fields=${CARD_FIELDS}`;

interface BoardAnswer {
  readonly columns: readonly (Column & { readonly tickets: readonly Card[] })[];
  readonly problems: readonly FileProblem[];
}

/** What the server said, without the moves that it has not answered yet. */
interface Answered {
  readonly config: Config;
  readonly columns: readonly Column[];
  readonly cards: ReadonlyMap<string, Card>;
  readonly problems: readonly FileProblem[];
}

/** The store that is shown, or on its way; undefined before there is one. */
let opened: string | undefined;
let answered: Answered | undefined;
/** What of it was kept for when the server cannot be reached. */
let keptOf: Answered | undefined;
const order = answerOrder();
/** Counts the readings of the whole store. */
let reading = 0;
/** When the read was sent whose unreadable files are shown. */
let problemsAsked = 0;
/** What this page changed and the server has not answered yet, by ticket; the newest last. */
const unanswered = new Set<ReadonlyMap<string, Partial<Card>>>();

/** Begins with the store of the page's address, unless it is open: nothing of another one is shown. */
export function openStore(): Promise<void> {
  const { workflow } = route.get();
  if (workflow === opened) return Promise.resolve();
  opened = workflow;
  answered = undefined;
  order.forget();
  unanswered.clear();
  keptSince.set(undefined);
  configured.set(undefined);
  model.set(undefined);
  return readAll();
}

/** Reads the whole store. */
export async function readAll(): Promise<void> {
  const turn = ++reading;
  const asked = order.now();
  try {
    const orKept = answered === undefined;
    let position: string | undefined;
    const onPosition = (before: string): void => {
      position = before;
    };
    const [settings, board] = await Promise.all([
      call<Config>("/config", { orKept }).then((told) => {
        if (turn === reading) configured.set(told);
        return told;
      }),
      call<BoardAnswer>(BOARD, { orKept, onPosition }),
    ]);
    if (turn !== reading) return;
    // The stream is followed from where it stood before the tickets were read.
    const config = position === undefined ? settings : { ...settings, position };
    const found = new Map(board.columns.flatMap(({ tickets }) => tickets).map((card) => [card.id, card]));
    const ids = new Set([...(answered?.cards.keys() ?? []), ...found.keys()]);
    const columns = board.columns.map(({ tickets: _, ...column }) => column);
    trouble.set("");
    if (!orKept) keptSince.set(undefined);
    show({ config, columns, problems: problemsOf(board, asked), cards: withRead(ids, found, asked) });
    keptOf = answered;
  } catch (error) {
    if (turn !== reading) return;
    const problem = error instanceof Problem ? error : new Problem(0, "internal", String(error));
    // It is asked again: a server comes back, and a configuration is mended.
    setTimeout(() => turn === reading && void readAll(), RETRY_AFTER);
    if (answered !== undefined && problem.code === "bad_config") return trouble.set(problem.message);
    // What is shown, and typed, stays where the server is only away or busy.
    if (answered !== undefined && problem.isPassing) return;
    answered = undefined;
    model.set(problem);
  }
}

/** Reads tickets anew, with those that wait for them and their parents; those that are gone leave. */
export async function readSome(ids: Iterable<string>): Promise<void> {
  if (answered === undefined) return readAll();
  const wanted = withNeighbours(answered.cards, new Set(ids));
  if (wanted.size > MOST_READ) return readAll();
  const { workflow } = route.get();
  const asked = order.now();
  const query = encodeURIComponent(`id:${[...wanted].join(",")}`);
  try {
    const answer = await call<{ tickets: Card[]; problems: FileProblem[] }>(
      `/tickets?query=${query}&limit=5000&fields=${CARD_FIELDS}`,
    );
    if (answered === undefined || workflow !== route.get().workflow) return;
    const found = new Map(answer.tickets.map((card) => [card.id, card]));
    show({ ...answered, problems: problemsOf(answer, asked), cards: withRead(wanted, found, asked) });
  } catch {
    // The stream of events tells of the lost connection, and what follows it reads everything.
  }
}

/** Keeps the board as it was learned up to now, for when the server cannot be reached. */
export function keepBoard(): void {
  if (answered === undefined || answered === keptOf || keptSince.get() !== undefined) return;
  keptOf = answered;
  const { columns, cards, problems } = answered;
  // Which column a ticket is in is said by the ticket.
  const [first, ...others] = columns.map((column) => ({ ...column, tickets: [] as Card[] }));
  if (first === undefined) return;
  void keepValue(BOARD, { columns: [{ ...first, tickets: [...cards.values()] }, ...others], problems });
}

/** What is known, with what a read says of some tickets wherever nothing newer was learned of them. */
function withRead(ids: Iterable<string>, found: ReadonlyMap<string, Card>, asked: number): Map<string, Card> {
  const cards = new Map(answered?.cards);
  for (const id of ids) {
    const card = found.get(id);
    if (!order.acceptsRead(id, card, asked)) continue;
    if (card === undefined) cards.delete(id);
    else cards.set(id, card);
  }
  return cards;
}

/** The unreadable files that the read that was asked for last told of. */
function problemsOf({ problems }: Pick<BoardAnswer, "problems">, asked: number): readonly FileProblem[] {
  if (answered !== undefined && asked < problemsAsked) return answered.problems;
  problemsAsked = asked;
  return problems;
}

/** A ticket as it is shown; undefined for one that is not there. */
export function cardOf(id: string): Card | undefined {
  const known = model.get();
  return known === undefined || known instanceof Problem ? undefined : known.cards.get(id);
}

/** What the server answered to a change about the tickets that it turned. */
export interface Affected {
  readonly affected: readonly Card[];
  readonly gone: readonly string[];
}

/** The moment at which a change is sent; what the server says of tickets is newer or older than what came since. */
export function changeSent(): number {
  return order.now();
}

/** Shows what a change turned; the answer are tickets of which something else was told meanwhile: they are to be read. */
export function showAffected({ affected, gone }: Affected, sent: number): string[] {
  if (answered === undefined) return [];
  const cards = new Map(answered.cards);
  const unsure: string[] = [];
  for (const card of affected) {
    if (order.acceptsChange(card.id, card, sent)) cards.set(card.id, card);
    else unsure.push(card.id);
  }
  for (const id of gone) {
    if (order.acceptsChange(id, undefined, sent)) cards.delete(id);
    else unsure.push(id);
  }
  show({ ...answered, cards });
  return unsure;
}

/** Shows at once what is changed, until the function that it answers with is called. */
export function showChanged(changes: ReadonlyMap<string, Partial<Card>>): () => void {
  unanswered.add(changes);
  if (answered !== undefined) show(answered);
  return () => {
    if (unanswered.delete(changes) && answered !== undefined) show(answered);
  };
}

/** Shows at once what an event tells of a ticket; what else the change turned is read then. */
export function showEvent({ id, title, status }: Named, version: string | undefined): void {
  order.hear(id, version);
  const card = answered?.cards.get(id);
  const column = answered?.columns.find((one) => one.id === status);
  if (answered === undefined || card === undefined || column === undefined) return;
  if (card.status === status && card.title === title) return;
  const shown = { ...card, title, status, category: column.category };
  show({ ...answered, cards: new Map(answered.cards).set(id, shown) });
}

/** Whether an answer has shown this version of a ticket. */
export function isShown(id: string, version: string): boolean {
  return order.has(id, version);
}

function show(now: Answered): void {
  answered = now;
  const { config, columns, problems } = now;
  const cards = withUnanswered(now.cards);
  model.set({ config, columns: columnsOf(config, columns, cards), cards, problems, children: countChildren(cards) });
}

function withUnanswered(answers: ReadonlyMap<string, Card>): ReadonlyMap<string, Card> {
  if (unanswered.size === 0) return answers;
  const cards = new Map(answers);
  for (const [id, change] of [...unanswered].flatMap((changes) => [...changes])) {
    const card = cards.get(id);
    if (card !== undefined) cards.set(id, { ...card, ...change });
  }
  return cards;
}

/** Reads which stores there are. */
export async function readWorkflows(): Promise<void> {
  const answer = await call<{ workflows: { id: string; dir: string }[] }>("/workflows").catch(() => undefined);
  if (answer !== undefined) workflows.set(answer.workflows);
}
