import { route } from "../page/router.ts";
import { state } from "../page/state.ts";
import { fullTime, halfMinute } from "../page/times.ts";
import { toast } from "../page/toasts.tsx";
import { isNotifying } from "../page/wish.ts";
import { say } from "../words/say.ts";
import { call, Problem, refusal } from "./api.ts";
import { counted } from "./changes.ts";
import { ticketName, undoable } from "./commands.ts";
import { lastEvents } from "./events.ts";
import { model } from "./model.ts";
import type { Line } from "./shapes.ts";

interface Answer {
  readonly items: readonly Line[];
  readonly total: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly notices: readonly string[];
}

/** The first lines of one kind; of all where `kind` is "". */
export interface Wanted {
  readonly kind: string;
  readonly limit: number;
}

/** The lines that the view of the inbox asked for. */
export interface Lines extends Wanted, Pick<Answer, "items" | "total" | "notices"> {}

/** How many things need somebody, and of each kind; undefined until that was read. */
export const needs = state<Pick<Answer, "total" | "counts"> | undefined>(undefined);
/** What {@link wantLines} asked for; a Problem where it cannot be read. */
export const lines = state<Lines | Problem | undefined>(undefined);

/** Changes that come one after the other are read together, and no two reads begin sooner than that. In milliseconds. */
const BURST = 100;
const LEAST = 500;
/** How soon a server that was busy is asked again, in milliseconds. */
const RETRY_AFTER = 2000;

/** Where no view shows lines only their number is of interest. */
const NUMBER: Wanted = { kind: "", limit: 1 };
/** What the view begins with. */
export const FIRST_LINES: Wanted = { kind: "", limit: 50 };
let wanted = NUMBER;
/** Counts the reads: only what the newest one answers is shown. */
let turn = 0;
/** The newest read, until it was answered. */
let newest: Promise<void> | undefined;
/** When it began, in milliseconds since 1970. */
let begun = 0;
/** Something changed since it began. */
let isStale = false;
let timer: ReturnType<typeof setTimeout> | undefined;

/**
 * Keeps the number, and the lines that are wanted, up to date: with the tickets, and every half minute with the clock,
 * which ends what was put away, and with what was put away elsewhere, of which no event tells.
 */
export function followInbox(): void {
  model.follow(() => (model.get() === undefined ? forget() : readSoon()));
  lastEvents.follow(readSoon);
  halfMinute.follow(readSoon);
  document.addEventListener("visibilitychange", readSoon);
}

/** Says which lines a view shows, from now on; undefined for none. */
export function wantLines(some: Wanted | undefined): void {
  const isAsked = newest !== undefined && some?.kind === wanted.kind && some.limit === wanted.limit;
  wanted = some ?? NUMBER;
  if (some !== undefined && !isAsked) void read();
}

/** Reads now; done once what is shown is no older than this call, or the server could not say. */
export async function refreshInbox(): Promise<void> {
  for (let seen: Promise<void> | undefined = read(); seen !== undefined; seen = newest) await seen;
}

/** Of another store nothing is known yet. */
function forget(): void {
  turn++;
  newest = undefined;
  clearTimeout(timer);
  timer = undefined;
  needs.set(undefined);
  lines.set(undefined);
}

function readSoon(): void {
  const known = model.get();
  if ((document.hidden && !isNotifying()) || timer !== undefined || known === undefined || known instanceof Problem)
    return;
  timer = setTimeout(
    () => {
      timer = undefined;
      // A read that is not answered yet is waited for: else a busy store would never be shown.
      if (newest === undefined) void read();
      else isStale = true;
    },
    Math.max(BURST, begun + LEAST - Date.now()),
  );
}

function read(): Promise<void> {
  const mine = ++turn;
  clearTimeout(timer);
  timer = undefined;
  begun = Date.now();
  isStale = false;
  newest = ask(wanted)
    .then(
      (answer) => mine === turn && show(answer),
      (error: unknown) => mine === turn && showProblem(error),
    )
    .then(() => {
      if (mine !== turn) return;
      newest = undefined;
      if (isStale) readSoon();
    });
  return newest;
}

interface Answered {
  readonly wanted: Wanted;
  readonly all: Answer;
  readonly some: Answer;
}

/** The lines, and how many there are of all kinds. */
async function ask(some: Wanted): Promise<Answered> {
  const { kind, limit } = some;
  if (kind === "") {
    const all = await call<Answer>(`/inbox?limit=${limit}`, {
      orKept: needs.get() === undefined || lines.get() === undefined,
    });
    return { wanted: some, all, some: all };
  }
  const [all, ofKind] = await Promise.all([
    call<Answer>(`/inbox?limit=${NUMBER.limit}`),
    call<Answer>(`/inbox?kind=${encodeURIComponent(kind)}&limit=${limit}`),
  ]);
  return { wanted: some, all, some: ofKind };
}

function show({ wanted: shown, all: { total, counts }, some: { items, total: ofKind, notices } }: Answered): void {
  needs.set(orSame(needs.get(), { total, counts }));
  if (shown !== NUMBER) lines.set(orSame(lines.get(), { ...shown, items, total: ofKind, notices }));
}

/** What is known where the answer is the same: nothing is drawn anew for it. */
function orSame<T, K>(known: K, answer: T): T | K {
  return JSON.stringify(known) === JSON.stringify(answer) ? known : answer;
}

function showProblem(error: unknown): void {
  const problem = error instanceof Problem ? error : new Problem(0, "internal", String(error));
  const known = lines.get();
  // What is shown, and typed, stays where the server is only away or busy: it is asked again.
  if (!problem.isPassing || known === undefined) lines.set(problem);
  if (problem.isPassing) setTimeout(readSoon, RETRY_AFTER);
}

/** Puts a line away, for good or until a time, and says so; false where that was refused, which is said too. */
export async function putAway({ key, id }: Line, until = ""): Promise<boolean> {
  const { workflow } = route.get();
  const body = { keys: [key], ...(until === "" ? {} : { until }) };
  try {
    const answer = await counted(call<PutAway>(until === "" ? "/inbox/done" : "/inbox/snooze", { body }));
    const what = answer.until === null ? say.data.done : say.data.notBefore(fullTime(answer.until));
    if (answer.keys.length > 0) {
      toast({ text: `${ticketName(id)}: ${what}`, kind: "done", undo: undoable(() => void takeBack(key, workflow)) });
    }
    for (const notice of answer.notices) toast({ text: notice, kind: "note" });
    return true;
  } catch (error) {
    toast({ text: refusal(error), kind: "error" });
    return false;
  }
}

interface PutAway {
  readonly keys: readonly string[];
  readonly until: string | null;
  readonly notices: readonly string[];
}

async function takeBack(key: string, workflow: string): Promise<void> {
  // The page may show another store by now.
  if (workflow !== route.get().workflow) return toast({ text: say.data.elsewhere, kind: "error" });
  try {
    await call<PutAway>("/inbox/done", { body: { keys: [key], undo: true } });
    toast({ text: say.takenBack, kind: "done" });
  } catch (error) {
    toast({ text: refusal(error), kind: "error" });
  }
  await refreshInbox();
}
