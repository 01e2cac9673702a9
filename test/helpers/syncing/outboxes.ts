import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { git } from "../git.ts";
import { type SharingTeam, sharingTeam, type Team } from "../team.ts";
import { tempDir } from "../tempDir.ts";
import type { TempStore } from "../tempStore.ts";
import { copyClone } from "./copies.ts";

/** A team that shares a ticket, and an agent in a {@link sandbox}. */
export async function sandboxTeam(): Promise<{
  readonly made: SharingTeam;
  readonly ann: TempStore;
  readonly agent: TempStore;
  readonly id: string;
}> {
  const made = await sharingTeam();
  const { hub, ann, bob, ids } = made;
  const agent = copyClone(bob, path.join(path.dirname(hub), "agent"));
  confine(agent, hub, "agent");
  return { made, ann, agent, id: ids[0] as string };
}

/** A clone that has the tickets and a branch of its own; its remote refuses the tickets of whoever has SANDBOX set. */
export async function sandbox(made: Pick<Team, "hub" | "clone">, name: string): Promise<TempStore> {
  const store = made.clone(name);
  await store.ayo("init");
  confine(store, made.hub, name);
  return store;
}

function confine(store: TempStore, hub: string, name: string): void {
  git(store.dir, "checkout", "--quiet", "-b", name);
  const hook = path.join(hub, "hooks", "pre-receive");
  const refused =
    'case "$ref" in refs/heads/ayo/*) [ -n "$SANDBOX" ] && { echo "only your own branch"; exit 1; };; esac';
  writeFileSync(hook, `#!/bin/sh\nwhile read -r _ _ ref; do ${refused}; done\nexit 0\n`);
  chmodSync(hook, 0o755);
}

/** Has an agent write its outbox, commit it with its work, and push its branch. */
export async function carry(store: TempStore): Promise<string> {
  await store.ayo("sync", "--outbox");
  return push(store);
}

/** Commits what lies in the outbox and pushes the branch; the names in it. */
export function push(store: TempStore): string {
  git(store.dir, "add", "--force", "--all", ".ayo-outbox");
  git(store.dir, "commit", "--quiet", "--allow-empty", "--message=work");
  git(store.dir, "push", "--quiet", "--force", "origin", "HEAD");
  return bundlesOf(store).join(" ");
}

/** The names of bundles in a clone's folder. */
export function bundlesOf(store: TempStore): string[] {
  const folder = path.join(store.dir, ".ayo-outbox");
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names.filter((name) => name.endsWith(".bundle")).sort();
}

/** What a sync answers, as far as it matters here. */
export interface Answer {
  readonly came: number;
  readonly went: number;
  readonly notices: readonly string[];
  readonly outbox: readonly { file: string; branches: string[]; state: string; why?: string; deletable: boolean }[];
}

/** Fetches the project's branches, as a person does, and syncs. */
export async function fetchAndSync(store: TempStore): Promise<Answer> {
  git(store.dir, "fetch", "--quiet", "--prune");
  return store.json<Answer>("sync");
}

/** A bundle by git alone, of a repository's ref, or of its HEAD as ayo's own. */
export function bundleOf(repo: string, ...args: string[]): Buffer {
  const file = path.join(tempDir(), "x.bundle");
  git(repo, "update-ref", "refs/ayo/outbox", "HEAD");
  git(repo, "bundle", "create", "--quiet", file, ...args);
  git(repo, "update-ref", "-d", "refs/ayo/outbox");
  return readFileSync(file);
}
