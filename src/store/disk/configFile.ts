import path from "node:path";
import { AyoError } from "../../error.ts";
import { readObject } from "../../git/objects/objects.ts";
import { readHead } from "../../git/refs/refs.ts";
import { blobAt } from "../../git/trees/lsTree.ts";
import type { Problem } from "../../ticket/ticket.ts";
import { lookAt, readStoreFile, Unread } from "../files/storeFile.ts";
import { type Config, DEFAULT_CONFIG, MAX_CONFIG_BYTES, parseConfig } from "../open/config/config.ts";
import { unknownKeyText } from "../open/config/configKeys.ts";
import { CONFIG_FILE } from "../open/config/values.ts";
import { type Index, isRacy, sameStamp, stampOf } from "../open/entry.ts";
import { keep, kept, runtimeKey } from "../open/runtime.ts";
import { inRepository, type Store } from "../open/store.ts";
import { readAtHead } from "./followHead.ts";

/** So far back a config is looked for that makes sense. */
const MAX_COMMITS = 10_000;

/** How many do work meanwhile for which the last config that made sense may hold. */
const UNDER_LAST = runtimeKey("under the last config", () => 0);

/**
 * Does work that a committed config.yml which makes no sense here must not stop: a sync may bring one, and the next one
 * brings the one that is mended. The last one that made sense holds meanwhile.
 */
export async function underLastConfig<T>(store: Store, work: () => Promise<T>): Promise<T> {
  keep(store, UNDER_LAST, kept(store, UNDER_LAST) + 1);
  try {
    return await work();
  } finally {
    keep(store, UNDER_LAST, kept(store, UNDER_LAST) - 1);
  }
}

/**
 * Brings the index's config up to date. While config.yml cannot be read, the one of the last commit holds, and the
 * index notes why; one that is read and makes no sense is refused, see {@link underLastConfig}.
 * @throws bad_config
 */
export async function readConfig(index: Index, store: Store, now: number): Promise<void> {
  const file = path.join(store.dir, CONFIG_FILE);
  const stat = lookAt(file);
  if (stat !== undefined && !(stat instanceof Unread) && sameStamp(index.configStamp, stat)) return;
  const read = stat === undefined ? undefined : readStoreFile(file, { limit: MAX_CONFIG_BYTES });
  index.configStamp = undefined;
  if (read instanceof Unread) {
    index.unread.set(CONFIG_FILE, read.problem(CONFIG_FILE, "; meanwhile the last committed one holds"));
    index.config = await lastConfig(store);
  } else if (read === undefined) index.config = DEFAULT_CONFIG;
  else {
    const parsed = await parseOrLast(store, read.bytes);
    index.config = parsed.config;
    if (parsed.problem !== undefined) {
      index.unread.set(CONFIG_FILE, parsed.problem);
      return;
    }
    const stamp = stampOf(stat instanceof Unread || stat === undefined ? read.stat : stat);
    if (!isRacy(stamp, now)) index.configStamp = stamp;
  }
}

/** @throws bad_config */
async function parseOrLast(store: Store, bytes: Buffer): Promise<{ config: Config; problem?: Problem }> {
  try {
    return { config: await parseConfig(bytes.toString("utf8")) };
  } catch (error) {
    if (!(error instanceof AyoError) || kept(store, UNDER_LAST) === 0 || store.journal === undefined) throw error;
    // What somebody is editing here is theirs to mend, and no part of any commit before.
    if ((await readAtHead(store.journal, CONFIG_FILE))?.equals(bytes) !== true) throw error;
    const message = `${error.message.replace(/^config\.yml:/, "line ")}; meanwhile the last one that made sense holds`;
    const problem = { path: CONFIG_FILE, line: Number(error.data?.line ?? 0), code: error.code, message };
    return { config: await lastConfig(store), problem };
  }
}

/** What to tell who changes a store under a config that is not the one on disk. */
export function configNotices({ unread, config }: Index): string[] {
  const problem = unread.get(CONFIG_FILE);
  const unknown = configProblems(config).map(({ line, message }) => `${CONFIG_FILE}:${line}: ${message}`);
  return problem === undefined ? unknown : [`${CONFIG_FILE}: ${problem.message}`, ...unknown];
}

/** The keys of config.yml that nothing reads, and values that are not known. */
export function configProblems({ unknown = [] }: Config): Problem[] {
  return unknown.map((one) => ({
    path: CONFIG_FILE,
    line: one.line,
    code: one.fact === undefined ? "unknown_key" : "bad_value",
    message: unknownKeyText(one),
  }));
}

/** The last committed config that makes sense; the default where there is none among the last commits. */
async function lastConfig({ journal }: Store): Promise<Config> {
  const { oid } = journal === undefined ? {} : readHead(journal.repository);
  if (journal === undefined || oid === undefined) return DEFAULT_CONFIG;
  const { walkCommits } = await import("../../git/commits/history.ts");
  const seen = new Set<string | undefined>();
  for await (const commit of walkCommits(journal.repository, oid, { limit: MAX_COMMITS })) {
    const blob = await blobAt(journal.repository, commit.oid, inRepository(journal, CONFIG_FILE));
    if (seen.has(blob)) continue;
    seen.add(blob);
    if (blob === undefined) return DEFAULT_CONFIG;
    const { bytes } = await readObject(journal.repository, blob);
    const config = await parseConfig(bytes.toString("utf8")).catch(unlessBad);
    if (config !== undefined) return config;
  }
  return DEFAULT_CONFIG;
}

function unlessBad(error: unknown): undefined {
  if (!(error instanceof AyoError) || error.code !== "bad_config") throw error;
}
