import { appendFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { seeLanded } from "../../src/store/codeCommits/landed/seeLanded.ts";
import { readFresh } from "../../src/store/disk/view.ts";
import { git } from "./git.ts";
import { type TempStore, tempStore } from "./tempStore.ts";

/** A store whose dependencies have to land, with `first`, done on a branch of its own, and `next` that waits for it. */
export async function scene(commits = 1): Promise<LandedScene> {
  const store = await tempStore({ project: true });
  const { dir } = store;
  appendFileSync(path.join(store.tickets, "config.yml"), "ready: {deps: landed}\n");
  const first = await store.ayo("ticket", "create", "Build login");
  const next = await store.ayo("ticket", "create", "Use login", "--dep", first);
  git(dir, "checkout", "--quiet", "-b", "side");
  const work = Array.from({ length: commits }, (_, at) => change(dir, `part${at}`, `part ${at} TICKET: ${first}`));
  await store.ayo("ticket", "close", first);
  git(dir, "checkout", "--quiet", "main");
  return { store, dir, first, next, work };
}

/** What the scenes have. */
export interface LandedScene {
  readonly store: TempStore;
  readonly dir: string;
  readonly first: string;
  readonly next: string;
  readonly work: readonly string[];
}

/** Writes a file and commits it; the commit. */
export function change(dir: string, file: string, message: string, text = `${message}\n`): string {
  writeFileSync(path.join(dir, file), text);
  git(dir, "add", file);
  git(dir, "commit", "--quiet", "--message", message);
  return git(dir, "rev-parse", "HEAD");
}

/** The commit that is checked out. */
export const head = (dir: string): string => git(dir, "rev-parse", "HEAD");

/** What the file of the first ticket says, and whether the next is ready. */
export async function state({ store, first, next }: LandedScene) {
  const open = store.open();
  await seeLanded(open);
  const view = await readFresh(open);
  const { landed, unlanded } = view.byId.get(first)?.fields ?? {};
  const ticket = view.byId.get(next);
  if (ticket === undefined) throw new Error("no ticket");
  return { landed, unlanded, ready: view.isReady(ticket), reasons: view.readiness(ticket).reasons };
}

/** What who waits for the first says. */
export const waits = (first: string) => [`waits for ${first} (closed) to land on main: Build login`];
