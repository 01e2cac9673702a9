import { writeFileSync } from "node:fs";
import path from "node:path";
import { git } from "./git.ts";
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
  const top = tempDir(cleanUp);
  const hub = path.join(top, "hub.git");
  git(top, "init", "--quiet", "--bare", "--initial-branch=main", "hub.git");
  git(top, "init", "--quiet", "--initial-branch=main", "first");
  const first = path.join(top, "first");
  writeFileSync(path.join(first, "README.md"), "# Project\n");
  git(first, "add", "README.md");
  git(first, "commit", "--quiet", "--message=start");
  git(first, "push", "--quiet", hub, "main");
  return {
    hub,
    clone: (name) => {
      git(top, "clone", "--quiet", hub, name);
      return storeIn(path.join(top, name));
    },
  };
}

/** A team of two that shares its tickets: one has made them, the other has joined. */
export async function sharingTeam(
  titles: readonly string[] = ["First"],
  cleanUp?: (remove: () => void) => void,
): Promise<Team & { readonly ann: TempStore; readonly bob: TempStore }> {
  const made = team(cleanUp);
  const ann = made.clone("ann");
  for (const title of titles) await ann.ayo("ticket", "create", title);
  await ann.ayo("sync", "--yes");
  const bob = made.clone("bob");
  await bob.ayo("init");
  return { ...made, ann, bob };
}

/** The commit that the bare repository has for the tickets. */
export function tipAt(hub: string, ref = "refs/heads/ayo/tickets"): string {
  return git(hub, "rev-parse", ref);
}

/** The commit of a store. */
export function tipOf(store: TempStore): string {
  return git(store.tickets, "rev-parse", "HEAD");
}
