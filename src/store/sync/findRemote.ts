import { realpathSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../error.ts";
import { userSettings } from "../../git/repository/gitConfig.ts";
import type { GitSetting } from "../../git/repository/parseGitConfig.ts";
import type { Repository } from "../../git/repository/repository.ts";
import { effectiveUrl } from "../../git/transport/effectiveUrl.ts";
import { withoutPassword } from "../../git/transport/transport.ts";
import { remotesOf, waySettings } from "../../git/transport/waySettings.ts";
import { gitEnv } from "../disk/refresh.ts";
import { projectRepository } from "../open/projectRepository.ts";
import type { Store } from "../open/store.ts";
import { readContact } from "./contact.ts";

/** The other side of a sync. */
export interface Remote {
  /** Its name in the project; an address where it has none. */
  readonly name: string;
  /** The one address that is looked at and sent to: where the project's git pushes. */
  readonly url: string;
  /** Where that leads, as git's settings have it. */
  readonly leadsTo: string;
  /** How the project's git finds and enters it. */
  readonly settings: readonly GitSetting[];
}

/** An address rather than a name: a path, `host:path`, or with a scheme. */
const ADDRESS = /[/\\:]|^[.~]/;
/** One that means the same from every directory. */
const ABSOLUTE = /^(?:[a-z][a-z0-9+.-]*:|[^/\\]+:)/i;

/**
 * The remote that is meant: the named one, the one that the store is shared by, or the only one that the project has.
 * The store's own git directory is not asked: whoever may write there would say where tickets go.
 * @throws not_found, bad_usage with the names that there are
 */
export function findRemote(store: Store, wanted?: string): Remote {
  const { host } = store;
  const project = projectRepository(store);
  const env = gitEnv(store);
  const named = project === undefined ? [] : remotesOf(project, env);
  const settings = project === undefined ? [] : waySettings(project, env);
  const choice = wanted ?? readContact(store)?.remote ?? named[0]?.name;
  if (choice === undefined)
    throw new AyoError("bad_usage", "the project has no remote: name the address of a git repository with --remote", {
      data: { remotes: [] },
    });
  if (wanted === undefined && named.length > 1 && readContact(store) === undefined) throw several(named);
  const found = named.find(({ name }) => name === choice);
  if (found !== undefined) {
    const { name, pushUrl, url } = found;
    const address = absolute(pushUrl ?? url, project);
    return leading({ store, name, url: address, settings, hasPushUrl: pushUrl !== undefined });
  }
  if (!ADDRESS.test(choice) || choice.startsWith("-")) throw unknown(choice, named);
  const from = ABSOLUTE.test(choice) ? choice : path.resolve(host.cwd, choice.replace(/^~(?=\/)/, host.home));
  return leading({ store, name: from, url: from, settings, hasPushUrl: false });
}

/** @throws bad_usage for the store itself */
function leading({
  store,
  name,
  url,
  settings,
  hasPushUrl,
}: Pick<Remote, "name" | "url" | "settings"> & { readonly store: Store; readonly hasPushUrl: boolean }): Remote {
  const leadsTo = effectiveUrl(url, [...userSettings(gitEnv(store)), ...settings], !hasPushUrl);
  const dir = leadsTo.replace(/^file:\/\/(?=\/)/, "");
  if (isSameFolder(dir, store.dir) || isSameFolder(dir, path.join(store.dir, ".git")))
    throw new AyoError("bad_usage", `${withoutPassword(leadsTo)} is the store itself: there is nobody to share with`);
  return { name, url, leadsTo, settings };
}

function isSameFolder(one: string, other: string): boolean {
  try {
    return realpathSync(one) === realpathSync(other);
  } catch {
    return false;
  }
}

/** What is remembered of a remote: no password. */
export function addressOf({ name, leadsTo }: Remote): { readonly remote: string; readonly url: string } {
  return { remote: withoutPassword(name), url: withoutPassword(leadsTo) };
}

/** A remote as it may be shown: an address can hold a password. */
export function shownAs({ name, url, leadsTo }: Remote): string {
  return name === url ? withoutPassword(leadsTo) : `${name} (${withoutPassword(leadsTo)})`;
}

/** A path in a project's configuration is meant from its top. */
function absolute(url: string, project: Repository | undefined): string {
  return ABSOLUTE.test(url) || project === undefined ? url : path.resolve(project.worktree, url);
}

function several(named: readonly { readonly name: string; readonly url: string }[]): AyoError {
  const names = named.map(({ name }) => name);
  return new AyoError("bad_usage", `the project has several remotes (${names.join(", ")}): say which one`, {
    try: ["ayo", "sync", "--remote", names.includes("origin") ? "origin" : (names[0] as string)],
    data: { remotes: named.map(({ name, url }) => ({ name, url: withoutPassword(url) })) },
  });
}

function unknown(choice: string, named: readonly { readonly name: string }[]): AyoError {
  const names = named.map(({ name }) => name);
  const there = names.length === 0 ? "it has none" : `it has ${names.join(", ")}`;
  return new AyoError("not_found", `the project has no remote '${choice}' (${there})`, { data: { remotes: names } });
}
