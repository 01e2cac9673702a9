import { spawn } from "node:child_process";
import { appendFileSync, existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { git } from "../git.ts";
import { hermeticEnv, sharedHome } from "../hermeticEnv.ts";
import { CLI } from "../runCli.ts";
import { type Team, tipOf } from "../team.ts";
import type { TempStore } from "../tempStore.ts";
import type { Fault, Hub } from "./hubs.ts";

/** Numbers that look random and come again with the seed. */
export function randomOf(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    // mulberry32
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** What is done, and what must be found again. */
export interface Chaos {
  readonly random: (below: number) => number;
  readonly hub: Hub;
  readonly bare: string;
  readonly clones: readonly TempStore[];
  /** Every commit that a clone ever had. */
  readonly commits: Set<string>;
  /** What was written by hand or as a note, and in which ticket. */
  readonly written: Map<string, string>;
  /** What went wrong that must not. */
  readonly faults: string[];
  edits: number;
  syncs: number;
}

/** Opens clones of a team's project, the last one cut short. */
export async function openChaos(made: Team, hub: Hub, count: number, seed: number): Promise<Chaos> {
  const clones = Array.from({ length: count }, (_, at) => made.clone(`clone-${at}`));
  for (const { dir } of clones) {
    git(dir, "remote", "set-url", "origin", hub.url);
    for (const [key, value] of Object.entries(hub.settings)) git(dir, "config", key, value);
  }
  const [first, ...others] = clones as [TempStore, ...TempStore[]];
  for (const title of ["One", "Two", "Three", "Four"]) await first.ayo("ticket", "create", title);
  await first.ayo("sync", "--yes");
  const last = others.pop() as TempStore;
  git(last.dir, "clone", "--quiet", "--depth", "1", "--branch", "ayo/tickets", `file://${made.hub}`, last.tickets);
  await last.ayo("init");
  await last.ayo("sync", "--yes");
  for (const store of others) await store.ayo("sync");
  const random = randomOf(seed);
  const written = new Map<string, string>();
  return { random, hub, bare: made.hub, clones, commits: new Set(), written, faults: [], edits: 0, syncs: 0 };
}

type Step = (chaos: Chaos, store: TempStore, id: string, word: string) => Promise<unknown>;

const STEPS: readonly (readonly [weight: number, step: Step])[] = [
  [
    6,
    async (chaos, store, id, word) => {
      if (await quietly(chaos, store, "note", id, word)) chaos.written.set(word, id);
    },
  ],
  [3, (chaos, store, _, word) => quietly(chaos, store, "create", `Title ${word}`)],
  [2, (chaos, store, id, word) => quietly(chaos, store, "update", id, "--title", `Retitled ${word}`)],
  [2, (chaos, store, id) => quietly(chaos, store, "update", id, "-p", String(chaos.random(5)))],
  [2, (chaos, store, id, word) => quietly(chaos, store, "update", id, "--add-tag", word)],
  [2, (chaos, store, id) => quietly(chaos, store, "close", id, "--force")],
  [1, (chaos, store, id) => quietly(chaos, store, "reopen", id)],
  [1, (chaos, store, id) => quietly(chaos, store, "start", id)],
  [1, (chaos, store, id) => quietly(chaos, store, "dep", "add", id, chaos.random(2) === 0 ? id : anyId(chaos, store))],
  [1, (chaos, store) => quietly(chaos, store, "archive", "--before", "0s")],
  [
    1,
    async (chaos, store, id) => {
      // Whoever deletes a ticket takes back what stood in it then, also if others bring it back.
      const file = path.join(store.tickets, `${id}.md`);
      const text = existsSync(file) ? readFileSync(file, "utf8") : "";
      if (!(await quietly(chaos, store, "delete", id, "--yes"))) return;
      for (const word of chaos.written.keys()) if (text.includes(word)) chaos.written.delete(word);
    },
  ],
  [
    3,
    async (chaos, store, id, word) => {
      const file = path.join(store.tickets, `${id}.md`);
      if (!existsSync(file)) return;
      appendFileSync(file, `\nby hand ${word}\n`);
      chaos.written.set(word, id);
    },
  ],
  [1, (_, store, __, word) => store.here(["config", "types", `task, bug, ${word.toLowerCase()}`])],
];
const WEIGHTS = STEPS.reduce((sum, [weight]) => sum + weight, 0);

/** One edit in one clone, or a sync with whatever goes wrong. */
export async function anyStep(chaos: Chaos): Promise<void> {
  const store = chaos.clones[chaos.random(chaos.clones.length)] as TempStore;
  if (chaos.random(6) === 0) await anySync(chaos, store);
  else {
    const word = `w${(chaos.edits++).toString(36)}x${chaos.random(1296).toString(36)}`;
    await anyEdit(chaos.random)(chaos, store, anyId(chaos, store), word);
  }
  chaos.commits.add(tipOf(store));
}

function anyEdit(random: Chaos["random"]): Step {
  let left = random(WEIGHTS);
  for (const [weight, step] of STEPS) {
    if (left < weight) return step;
    left -= weight;
  }
  throw new Error("the weights do not add up");
}

/** A refusal is an answer; a bug of ours, or a damaged store, is none. */
async function quietly(chaos: Chaos, store: TempStore, ...words: string[]): Promise<boolean> {
  const { code, stderr } = await store.here(["ticket", ...words]);
  if (code === 70 || code === 3 || /damaged|internal/.test(stderr)) chaos.faults.push(`${words.join(" ")}: ${stderr}`);
  return code === 0;
}

function anyId(chaos: Chaos, store: TempStore): string {
  const files = store.files();
  return (files[chaos.random(files.length)] ?? "none.md").slice(0, -".md".length);
}

/** A sync in peace, with a line that is cut, with somebody beside it, killed, against a hub that was put back or refuses. */
async function anySync(chaos: Chaos, store: TempStore): Promise<void> {
  const { hub, bare, random } = chaos;
  chaos.syncs++;
  const kind = random(12);
  if (kind < 2) hub.cut(["before", "after"][kind] as Fault);
  else if (kind === 2) return killedSync(store, random(600));
  else if (kind === 3) return void (await Promise.all([syncAs(store), syncAs(store), syncAs(another(chaos, store))]));
  else if (kind === 4) putBack(bare);
  else if (kind === 5) return pulledByHand(chaos, store);
  const { code, stderr } = await store.here(["sync"]);
  hub.cut("none");
  if (code !== 0 && !/cannot be reached|does not take|changed \d+ times/.test(stderr))
    chaos.faults.push(`sync: ${stderr}`);
}

function another({ clones, random }: Chaos, than: TempStore): TempStore {
  const others = clones.filter((store) => store !== than);
  return others[random(others.length)] as TempStore;
}

/** A process of its own. */
function syncAs(store: TempStore): Promise<unknown> {
  return store.run(["sync"]);
}

function killedSync(store: TempStore, afterMs: number): Promise<void> {
  const child = spawn(process.execPath, [CLI, "sync"], {
    cwd: store.dir,
    env: hermeticEnv(sharedHome()),
    stdio: "ignore",
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), afterMs);
  return new Promise((resolve) => {
    child.on("close", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** A person puts the remote's branch back to where it was some commits ago. */
function putBack(bare: string): void {
  const line = git(bare, "rev-list", "--first-parent", "-n", "6", "refs/heads/ayo/tickets").split("\n");
  const back = line.at(-1);
  if (line.length > 3 && back !== undefined) git(bare, "update-ref", "refs/heads/ayo/tickets", back);
}

/** A person pulls with git itself, whose merge by line or by field is another one than ours of the same two commits. */
async function pulledByHand(chaos: Chaos, store: TempStore): Promise<void> {
  try {
    git(store.tickets, "pull", "--quiet", "--no-rebase", "--no-edit", chaos.bare, "ayo/tickets");
  } catch {
    // Conflicts, or edits that were not committed: the person gives up.
    try {
      git(store.tickets, "merge", "--abort");
    } catch {
      // It had not begun.
    }
  }
}

/** Syncs until nothing is new anywhere. */
export async function quiet({ clones, hub }: Chaos): Promise<void> {
  hub.cut("none");
  for (let round = 0; round < 6; round++) {
    for (const store of clones) await store.ayo("sync");
    if (new Set(clones.map(tipOf)).size === 1) return;
  }
}

/** What is wrong once all is quiet; nothing where all clones are one, whole, and nothing was lost. */
export function findings(chaos: Chaos): string[] {
  const { clones, commits, written, faults } = chaos;
  const [first] = clones as [TempStore];
  const found = [...faults];
  const tip = tipOf(first);
  for (const store of clones) {
    if (tipOf(store) !== tip) found.push(`${path.basename(store.dir)} has ${tipOf(store)}, not ${tip}`);
    try {
      store.judge();
    } catch (error) {
      found.push(`${path.basename(store.dir)}: ${(error as Error).message}`);
    }
  }
  const reached = new Set(git(first.tickets, "rev-list", "HEAD").split("\n"));
  for (const oid of commits) if (!reached.has(oid)) found.push(`commit ${oid} is no part of what came out`);
  const text = textOf(first.tickets);
  if (/^(?:<{7}|={7}|>{7})(?: |$)/m.test(text)) found.push("a conflict marker");
  const deleted = existsSync(path.join(first.tickets, "archive", "deleted"))
    ? readFileSync(path.join(first.tickets, "archive", "deleted"), "utf8").split("\n")
    : [];
  for (const [word, id] of written)
    if (!text.includes(word) && !deleted.includes(id)) found.push(`'${word}' of ${id} is lost`);
  return found;
}

function textOf(folder: string): string {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".md"));
  return names.map((name) => readFileSync(path.join(folder, name), "utf8")).join("\n");
}
