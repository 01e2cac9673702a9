import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import type { Host } from "../../host.ts";
import { readStoreFile, Unread } from "../../store/files/storeFile.ts";
import { ayoHome } from "../../store/open/locate/home.ts";
import { parseYaml } from "../../ticket/text/frontMatter.ts";

/** What agents may take in a day on this machine, in all its stores: `AYO_HOME/config.yml`, which never travels. */
export interface DayLimits {
  readonly runs?: number;
  readonly cost?: number;
}

const DAY_MS = 24 * 60 * 60_000;
const MAX_BYTES = 64 * 1024;

/** How many runs may still be begun today, and why no more. */
export interface RoomToday {
  readonly left: number;
  readonly reason: string;
}

/**
 * What is left of the limits of this machine. A file that is wrong stops everything: whoever wrote a limit did not mean
 * that there is none.
 */
export function roomToday(host: Host): RoomToday {
  const limits = readLimits(host);
  if (typeof limits === "string") return { left: 0, reason: limits };
  if (limits.runs === undefined && limits.cost === undefined) return { left: Number.POSITIVE_INFINITY, reason: "" };
  const { runs, cost } = usedToday(host);
  if (limits.cost !== undefined && cost >= limits.cost) {
    return { left: 0, reason: `$${cost.toFixed(2)} in a day is all that this machine's config.yml allows` };
  }
  const most = limits.runs ?? Number.POSITIVE_INFINITY;
  return {
    left: Math.max(0, most - runs),
    reason: `${most} runs in a day are all that this machine's config.yml allows`,
  };
}

function readLimits(host: Host): DayLimits | string {
  const file = path.join(ayoHome(host), "config.yml");
  const read = readStoreFile(file, { limit: MAX_BYTES });
  if (read === undefined) return {};
  if (read instanceof Unread) return `${file}: ${read.message}`;
  try {
    const { work } = (parseYaml(read.bytes.toString("utf8"), { path: file, firstLine: 1 }) ?? {}) as { work?: unknown };
    if (work === undefined || work === null) return {};
    const { "runs-a-day": runs, "cost-a-day": cost, ...others } = work as Record<string, unknown>;
    const [unknown] = Object.keys(others);
    if (unknown !== undefined) return `${file}: 'work.${unknown}' is no key; there are runs-a-day, cost-a-day`;
    for (const [key, value] of Object.entries({ "runs-a-day": runs, "cost-a-day": cost })) {
      const isFine = value === undefined || (typeof value === "number" && value >= 0);
      if (!isFine) return `${file}: work.${key} must be a number`;
    }
    return {
      ...(runs === undefined ? {} : { runs: Number(runs) }),
      ...(cost === undefined ? {} : { cost: Number(cost) }),
    };
  } catch (error) {
    return `${file}: ${(error as Error).message}`;
  }
}

/** The runs of the last 24 hours on this machine, and what they cost as far as their programs told. */
function usedToday(host: Host): { readonly runs: number; readonly cost: number } {
  const since = host.now() - DAY_MS;
  const top = path.join(ayoHome(host), "runs");
  const folders = namesIn(top).flatMap((store) =>
    namesIn(path.join(top, store)).map((one) => path.join(top, store, one)),
  );
  const files = folders.flatMap((folder) => namesIn(folder).map((n) => path.join(folder, n, "run.json")));
  const recent = files.flatMap((file) => {
    if ((statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) < since) return [];
    const record = recordIn(file);
    return record === undefined || Date.parse(record.at) < since ? [] : [record];
  });
  return { runs: recent.length, cost: recent.reduce((sum, { cost = 0 }) => sum + cost, 0) };
}

function recordIn(file: string): { readonly at: string; readonly cost?: number } | undefined {
  const read = readStoreFile(file, { limit: 1024 * 1024 });
  if (read === undefined || read instanceof Unread) return undefined;
  try {
    return JSON.parse(read.bytes.toString("utf8")) as { at: string; cost?: number };
  } catch {
    // Half of it was written when the machine went down.
    return undefined;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => !name.startsWith("."));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw error;
  }
}
