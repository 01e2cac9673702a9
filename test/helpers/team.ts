import { mkdtempSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, inject } from "vitest";
import { git } from "./git.ts";
import { sharedHome } from "./hermeticEnv.ts";
import { copyTeam, dropExamples } from "./syncing/copies.ts";
import { tempDir } from "./tempDir.ts";
import { storeIn, type TempStore } from "./tempStore.ts";

/** A project in a bare repository, and people who have clones of it. */
export interface Team {
  /** The bare repository, which all clones know as `origin`. */
  readonly hub: string;
  /** A new clone; it has no store yet. */
  clone(name: string): TempStore;
}

/** Makes a project in a bare repository. Outside a test pass `afterAll`. */
export function team(cleanUp?: (remove: () => void) => void): Team {
  return teamIn(tempDir(cleanUp));
}

function teamIn(top: string): Team {
  const hub = path.join(top, "hub.git");
  git(top, "init", "--quiet", "--bare", "--initial-branch=main", "hub.git");
  git(top, "init", "--quiet", "--initial-branch=main", "first");
  const first = path.join(top, "first");
  writeFileSync(path.join(first, "README.md"), "# Project\n");
  git(first, "add", "README.md");
  git(first, "commit", "--quiet", "--message=start");
  git(first, "push", "--quiet", hub, "main");
  return atHub(top, hub);
}

function atHub(top: string, hub = path.join(top, "hub.git")): Team {
  return {
    hub,
    clone: (name) => {
      git(top, "clone", "--quiet", hub, name);
      return storeIn(path.join(top, name));
    },
  };
}

/** Two who share tickets: one has made them, the other has joined. */
export interface SharingTeam extends Team {
  readonly ann: TempStore;
  readonly bob: TempStore;
  /** As they were made. */
  readonly ids: readonly string[];
}

/** A team of two that shares tickets of these titles. */
export async function sharingTeam(
  titles: readonly string[] = ["First"],
  cleanUp?: (remove: () => void) => void,
): Promise<SharingTeam> {
  // What a machine knows of a shared store lies in its home, and each file of tests has one of its own.
  const key = [sharedHome(), ...titles].join("\n");
  const made = TEMPLATES.get(key) ?? makeTemplate(titles);
  TEMPLATES.set(key, made);
  const { dir, ids } = await made;
  const top = path.join(tempDir(cleanUp), "team");
  const [ann, bob] = copyTeam(dir, top, ["ann", "bob"]) as [TempStore, TempStore];
  return { ...atHub(top), ann, bob, ids };
}

/** Folders of teams that were made by commands, by the titles of their tickets: all others are copies. */
const TEMPLATES = new Map<string, Promise<{ readonly dir: string; readonly ids: readonly string[] }>>();

async function makeTemplate(titles: readonly string[]): Promise<{ readonly dir: string; readonly ids: string[] }> {
  const ids: string[] = [];
  const top = mkdtempSync(path.join(inject("scratch"), "team-"));
  const made = teamIn(top);
  const ann = made.clone("ann");
  if (titles.length > MANY) ids.push(...(await createAtOnce(ann, titles)));
  else for (const title of titles) ids.push(await ann.ayo("ticket", "create", title));
  await ann.ayo("sync", "--yes");
  const bob = made.clone("bob");
  await bob.ayo("init");
  dropExamples(made.hub, ...[ann, bob].map(({ dir }) => path.join(dir, ".git")));
  return { dir: top, ids };
}

/** So many tickets are made by one command. */
const MANY = 3;

async function createAtOnce(store: TempStore, titles: readonly string[]): Promise<string[]> {
  const input = titles.map((title) => JSON.stringify({ op: "create", title })).join("\n");
  const { code, stdout, stderr } = await store.here(["ticket", "batch", "-q"], { input });
  if (code !== 0) throw new Error(stderr);
  return stdout.trimEnd().split("\n");
}

/** Has everybody sync until nothing is new, and judges that all are the same. */
export async function settle(hub: string, ...stores: readonly TempStore[]): Promise<void> {
  for (const store of [...stores, ...stores]) await store.ayo("sync");
  for (const store of stores) {
    expect(tipOf(store)).toBe(tipAt(hub));
    store.judge();
  }
}

/** The commit that the bare repository has for the tickets. */
export function tipAt(hub: string, ref = "refs/heads/ayo/tickets"): string {
  return git(hub, "rev-parse", ref);
}

/** The commit of a store. */
export function tipOf(store: TempStore): string {
  return git(store.tickets, "rev-parse", "HEAD");
}
