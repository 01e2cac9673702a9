import { useEffect, useRef } from "preact/hooks";
import type { Piece } from "../../ticket/markup/allowed.ts";
import { keepValue, keptAnswer } from "../data/answers/kept.ts";
import { call } from "../data/api.ts";
import { state, useValue } from "../page/state.ts";

/** What the server read of a text; null for one that is shown as it is written. */
export type Tree = readonly Piece[] | null;

/** A text to be shown; a line has words and links alone. */
export interface ShownText {
  readonly text: string;
  readonly isLine?: boolean;
}

/** With one request so many texts are read, of so many characters together. */
const MOST_TEXTS = 200;
const MOST_LONG = 256 * 1024;
/** Texts of so many characters are remembered. */
const REMEMBERED = 4 * 1024 * 1024;

/** What was read, the oldest first. */
const known = new Map<string, Tree>();
let size = 0;
/** Another number when more was read. */
const came = state(0);
/** What is to be read next, and what is being read. */
let wanted = new Map<string, ShownText>();
let gathering: Promise<void> | undefined;
const running = new Map<string, Promise<void>>();

/**
 * Has texts read, all that are wanted at the moment with one request. Under `place` the browser keeps what was read for
 * when the server cannot be reached.
 * @throws Problem where they cannot be read, and nothing is kept
 */
export async function readTrees(texts: readonly ShownText[], place?: string): Promise<void> {
  try {
    await Promise.all(texts.map(read));
    if (place !== undefined)
      void keepValue(
        place,
        texts.map(keyOf).flatMap((key) => (known.has(key) ? [[key, known.get(key)]] : [])),
      );
  } catch (error) {
    const kept = place === undefined ? undefined : await keptAnswer<(readonly [string, Tree])[]>(place);
    if (kept === undefined) throw error;
    for (const [key, tree] of kept) if (!known.has(key)) remember(key, tree);
    came.set(came.get() + 1);
  }
}

/** Nobody waits longer for texts to look as they should, in milliseconds. */
const PATIENCE = 1_000;

/** The same for whoever shows texts with the rest, so that nothing moves: done when they are read, or do not come soon. */
export async function treesSoon(texts: readonly ShownText[], place?: string): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, PATIENCE);
  });
  // What cannot be read is shown as it is written.
  await Promise.race([readTrees(texts, place).catch(() => {}), late]);
  clearTimeout(timer);
}

/** The tree of a text, and meanwhile the one before it; undefined where there is none yet. */
export function useTree(text: string, isLine = false): { readonly tree: Tree | undefined; readonly isOfText: boolean } {
  useValue(came);
  const last = useRef<{ readonly key: string; readonly tree: Tree }>(undefined);
  const key = keyOf({ text, isLine });
  const found = known.get(key);
  if (found !== undefined) last.current = { key, tree: found };
  const isOfText = last.current?.key === key;
  useEffect(() => {
    // Until it can be read the words are there.
    if (!isOfText) readTrees([{ text, isLine }]).catch(() => {});
  }, [key]);
  return { tree: last.current?.tree, isOfText };
}

function keyOf({ text, isLine = false }: ShownText): string {
  return `${isLine ? "line" : "text"} ${text}`;
}

function read(one: ShownText): Promise<void> | undefined {
  const key = keyOf(one);
  // What took too long may not another time.
  if (known.get(key)) return undefined;
  const begun = running.get(key);
  if (begun !== undefined) return begun;
  wanted.set(key, one);
  gathering ??= Promise.resolve().then(() => {
    const texts = wanted;
    wanted = new Map();
    gathering = undefined;
    return ask([...texts]).finally(() => {
      for (const done of texts.keys()) running.delete(done);
    });
  });
  running.set(key, gathering);
  return gathering;
}

async function ask(texts: readonly (readonly [string, ShownText])[]): Promise<void> {
  for (let from = 0; from < texts.length; ) {
    let long = 0;
    let to = from;
    do long += texts[to++]?.[1].text.length ?? 0;
    while (to < texts.length && to - from < MOST_TEXTS && long + (texts[to]?.[1].text.length ?? 0) <= MOST_LONG);
    const some = texts.slice(from, to);
    // One that is too long is alone.
    const { trees } =
      long > MOST_LONG
        ? { trees: [null] }
        : await call<{ trees: Tree[] }>("/markdown", { body: { texts: some.map(([, one]) => one) } });
    for (const [n, tree] of trees.entries()) remember(some[n]?.[0] ?? "", tree);
    came.set(came.get() + 1);
    from = to;
  }
}

function remember(key: string, tree: Tree): void {
  if (!known.has(key)) size += key.length;
  known.set(key, tree);
  for (const oldest of known.keys()) {
    if (size <= REMEMBERED) break;
    known.delete(oldest);
    size -= oldest.length;
  }
}
