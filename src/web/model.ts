import { call, Problem } from "./api.ts";
import type { Card, Column, Config, FileProblem, Named } from "./shapes.ts";
import { state } from "./state.ts";

/** The store as this page knows it. */
export interface Model {
  readonly config: Config;
  /** Those of the configuration, then statuses that are none of them. */
  readonly columns: readonly Column[];
  readonly cards: ReadonlyMap<string, Card>;
  readonly problems: readonly FileProblem[];
  /** Children by their parent: how many, and how many of them are finished. */
  readonly children: ReadonlyMap<string, { readonly done: number; readonly total: number }>;
}

/** Undefined until it was read; a Problem where it cannot be. */
export const model = state<Model | Problem | undefined>(undefined);
/** The stores of the server. */
export const workflows = state<readonly { readonly id: string; readonly dir: string }[]>([]);

const FIELDS = [
  "id,title,status,category,type,priority,assignee,tags,deps,parent,project,claim,criteria,blockedBy,ready,authors",
  "created,started,closed,due,question,unconfirmed,links,commits,version",
].join(",");
/** How soon a server that was busy is asked again, in milliseconds. */
const AGAIN = 2000;
/** With more than these the whole board is read anew. */
const MANY = 150;

interface BoardAnswer {
  readonly columns: readonly (Column & { readonly tickets: readonly Card[] })[];
  readonly problems: readonly FileProblem[];
}

let reading = 0;
/** Moves that the server has not answered yet: what it said before must not take them back. */
const moving = new Map<string, Column>();

/** Reads the whole store. */
export async function readAll(): Promise<void> {
  const turn = ++reading;
  try {
    const [config, board] = await Promise.all([call<Config>("/config"), call<BoardAnswer>(`/board?fields=${FIELDS}`)]);
    if (turn !== reading) return;
    const cards = board.columns.flatMap(({ tickets }) => tickets).map(withMove);
    publish(config, board.columns, new Map(cards.map((card) => [card.id, card])), board.problems);
  } catch (error) {
    if (turn !== reading) return;
    const problem = problemOf(error);
    const isShown = model.get() !== undefined && !(model.get() instanceof Problem);
    if (!isShown || !problem.isPassing) return model.set(problem);
    // What is shown, and typed, stays where the server is only away or busy: it is asked again.
    setTimeout(() => turn === reading && void readAll(), AGAIN);
  }
}

/** Reads tickets anew, with those that wait for them and their parents; those that are gone leave. */
export async function readSome(ids: Iterable<string>): Promise<void> {
  const known = model.get();
  if (known === undefined || known instanceof Problem) return readAll();
  const wanted = around(known, new Set(ids));
  if (wanted.size > MANY) return readAll();
  const turn = reading;
  const query = encodeURIComponent(`id:${[...wanted].join(",")}`);
  try {
    const answer = await call<{ tickets: Card[]; problems: FileProblem[] }>(
      `/tickets?query=${query}&limit=5000&fields=${FIELDS}`,
    );
    const now = model.get();
    if (turn !== reading || now === undefined || now instanceof Problem) return;
    const cards = new Map(now.cards);
    for (const id of wanted) cards.delete(id);
    for (const card of answer.tickets) if (wanted.has(card.id)) cards.set(card.id, withMove(card));
    publish(now.config, now.columns, cards, answer.problems);
  } catch {
    // The stream of events tells of the lost connection, and what follows it reads everything.
  }
}

/** Shows a ticket in another column at once; the function that it answers with ends that once the server answered. */
export function showMoved(id: string, column: Column): () => void {
  moving.set(id, column);
  change(id, (card) => ({ ...card, status: column.id, category: column.category }));
  return () => {
    if (moving.get(id) === column) moving.delete(id);
  };
}

/** Shows at once what an event tells of a ticket; what else the change turned is read then. */
export function showTold({ id, title, status }: Named): void {
  const known = model.get();
  if (known === undefined || known instanceof Problem) return;
  const card = known.cards.get(id);
  const column = known.columns.find((one) => one.id === status);
  if (card === undefined || column === undefined || (card.status === status && card.title === title)) return;
  change(id, (old) => withMove({ ...old, title, status, category: column.category }));
}

/** Puts what an answer said of tickets in place. */
export function putCards(cards: readonly Card[]): void {
  for (const card of cards) change(card.id, (old) => withMove({ ...old, ...card }));
}

function change(id: string, edit: (card: Card) => Card): void {
  const now = model.get();
  if (now === undefined || now instanceof Problem) return;
  const card = now.cards.get(id);
  if (card === undefined) return;
  publish(now.config, now.columns, new Map(now.cards).set(id, edit(card)), now.problems);
}

function withMove(card: Card): Card {
  const column = moving.get(card.id);
  return column === undefined ? card : { ...card, status: column.id, category: column.category };
}

function publish(
  config: Config,
  columns: readonly Column[],
  cards: ReadonlyMap<string, Card>,
  problems: readonly FileProblem[],
): void {
  const known = new Set(columns.map(({ id }) => id));
  const strange = new Set([...cards.values()].map(({ status }) => status).filter((status) => !known.has(status)));
  const settings = new Map(config.board.columns.map((column) => [column.id, column]));
  const all = [
    ...columns.map(({ id, name, category, limit = null }) => {
      const { phase, role } = settings.get(id) ?? {};
      const more = { ...(phase === undefined ? {} : { phase }), ...(role === undefined ? {} : { role }) };
      return { id, name, category, limit, ...more };
    }),
    ...[...strange].map((id) => ({ id, name: id, category: null, limit: null })),
  ];
  model.set({ config, columns: all, cards, problems, children: countChildren(cards) });
}

function countChildren(cards: ReadonlyMap<string, Card>): Model["children"] {
  const counts = new Map<string, { done: number; total: number }>();
  for (const { parent, category } of cards.values()) {
    if (parent === null) continue;
    const count = counts.get(parent) ?? { done: 0, total: 0 };
    count.total++;
    if (category === "done") count.done++;
    counts.set(parent, count);
  }
  return counts;
}

/** Whose readiness a change can turn: its own, that of those who wait for it, and of its parent. */
function around({ cards }: Model, ids: ReadonlySet<string>): Set<string> {
  const near = new Set(ids);
  for (const id of ids) {
    const parent = cards.get(id)?.parent;
    if (parent != null) near.add(parent);
  }
  for (const card of cards.values()) if (card.deps.some((dep) => ids.has(dep))) near.add(card.id);
  return near;
}

function problemOf(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem(0, "internal", String(error));
}

/** Reads which stores there are. */
export async function readWorkflows(): Promise<void> {
  const answer = await call<{ workflows: { id: string; dir: string }[] }>("/workflows").catch(() => undefined);
  if (answer !== undefined) workflows.set(answer.workflows);
}
