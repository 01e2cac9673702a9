import path from "node:path";
import { AyoError } from "../../error.ts";
import type { Problem } from "../../ticket/ticket.ts";
import { lookAt, readStoreFile, Unread } from "../files/storeFile.ts";
import { CONFIG_FILE, type Config, DEFAULT_CONFIG, MAX_CONFIG_BYTES, parseConfig } from "../open/config/config.ts";
import { unknownKeyText } from "../open/config/configKeys.ts";
import { type Index, isRacy, sameStamp, stampOf } from "../open/entry.ts";
import type { Store } from "../open/store.ts";
import { readAtHead } from "./followHead.ts";

/**
 * Brings the index's config up to date. While config.yml cannot be read, the one of the last commit holds, and the
 * index notes why; one that is read and makes no sense is refused.
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
    index.config = await parseConfig(read.bytes.toString("utf8"));
    const stamp = stampOf(stat instanceof Unread || stat === undefined ? read.stat : stat);
    if (!isRacy(stamp, now)) index.configStamp = stamp;
  }
}

/** What to tell who changes a store under a config that is not the one on disk. */
export function configNotices({ unread, config }: Index): string[] {
  const problem = unread.get(CONFIG_FILE);
  const unknown = configProblems(config).map(({ line, message }) => `${CONFIG_FILE}:${line}: ${message}`);
  return problem === undefined ? unknown : [`${CONFIG_FILE}: ${problem.message}`, ...unknown];
}

/** The keys of config.yml that nothing reads. */
export function configProblems({ unknown = [] }: Config): Problem[] {
  return unknown.map((one) => ({
    path: CONFIG_FILE,
    line: one.line,
    code: "unknown_key",
    message: unknownKeyText(one),
  }));
}

/** The config of the last commit; the default where there is none that can be read either. */
async function lastConfig({ journal }: Store): Promise<Config> {
  const bytes = journal === undefined ? undefined : await readAtHead(journal, CONFIG_FILE);
  try {
    return bytes === undefined ? DEFAULT_CONFIG : await parseConfig(bytes.toString("utf8"));
  } catch (error) {
    if (error instanceof AyoError && error.code === "bad_config") return DEFAULT_CONFIG;
    throw error;
  }
}
