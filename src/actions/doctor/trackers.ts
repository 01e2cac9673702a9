import path from "node:path";
import { AyoError } from "../../error.ts";
import { listStoreFolder, Unread } from "../../store/files/storeFile.ts";
import type { Finding } from "../../store/repair/finding.ts";
import type { Pair } from "../../trackers/sync/pair.ts";
import { TRACKERS } from "../tracker/kinds/facts.ts";
import { pairFolder, readCursor, readPair } from "../tracker/side/pairFiles.ts";
import { twinsOf } from "../tracker/side/twins.ts";
import type { Examination } from "./shape.ts";

/** Files of what was agreed on with a tracker that make no sense: until they are mended nothing is synced with it. */
export function trackerFindings({ store, view, problems, places }: Examination): Finding[] {
  if (view.config.settings.trackers === undefined) return [];
  const told = new Set([...problems.map((one) => one.path), ...places.links, ...places.misplaced]);
  return TRACKERS.flatMap((tracker) => {
    const names = listStoreFolder(path.join(store.dir, pairFolder(tracker)));
    const files = names === undefined || names instanceof Unread ? [] : names;
    const ids = files.flatMap((name) => (/^[^.].*\.json$/.test(name) ? [name.slice(0, -".json".length)] : []));
    const errors: AyoError[] = [];
    tried(errors, () => readCursor(store.dir, tracker));
    const pairs = ids.sort().flatMap((id): [string, Pair][] => {
      const pair = tried(errors, () => readPair(store.dir, tracker, id));
      return pair === undefined ? [] : [[id, pair]];
    });
    errors.push(...twinsOf(pairs, tracker));
    return errors.map(findingOf).filter(({ path: file = "" }) => !told.has(file));
  });
}

function tried<T>(errors: AyoError[], read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof AyoError) || error.code !== "bad_sync_file") throw error;
    errors.push(error);
    return undefined;
  }
}

function findingOf({ code, data, message }: AyoError): Finding {
  const file = String(data?.path);
  return { code, severity: "error", path: file, message: message.replace(`${file}: `, "") };
}
