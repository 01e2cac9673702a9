import { createHmac } from "node:crypto";
import path from "node:path";
import { readStoreFile, Unread } from "../../../store/files/storeFile.ts";
import type { Journal } from "../../../store/open/store.ts";
import { writePrivate } from "../../../store/open/writePrivate.ts";
import type { Etags, Kept } from "../../../trackers/github/etags.ts";

/** Bytes of the file, and of one answer. */
const MOST = 8 * 1024 * 1024;
const LARGEST = 256 * 1024;

/** Answers of a tracker that are kept from run to run. */
export interface KeptAnswers extends Etags {
  /** Keeps what was used for the next run; that it cannot be kept is no failure. */
  readonly save: () => void;
}

type Entry = readonly [url: string, kept: Kept];

const fileOf = ({ stateDir }: Journal, tracker: string): string => path.join(stateDir, `tracker-${tracker}.etags`);

/**
 * What a tracker has answered to a key at an address before. The first line of the file is a seal that only this key
 * makes of this address and these answers: what bears another one is as good as nothing, and the key is not in it.
 */
export function keptAnswers(
  journal: Journal,
  tracker: string,
  { url, key }: { readonly url: string; readonly key: string },
): KeptAnswers {
  const file = fileOf(journal, tracker);
  const sealOf = (text: string): string => createHmac("sha256", key).update(`${url}\n${text}`).digest("hex");
  const kept = read(file, sealOf);
  const before = new Map(kept);
  const used = new Map<string, Kept>();
  return {
    find: (at) => {
      const found = used.get(at) ?? before.get(at);
      if (found !== undefined) used.set(at, found);
      return found;
    },
    keep: (at, answer) => {
      before.delete(at);
      used.delete(at);
      if (Buffer.byteLength(answer.text) <= LARGEST) used.set(at, answer);
    },
    save: () => {
      const text = JSON.stringify(fitting([...used]));
      if (JSON.stringify(kept) === text) return;
      try {
        writePrivate(file, `${sealOf(text)}\n${text}`);
      } catch {
        // The next run asks for all of it.
      }
    },
  };
}

function read(file: string, sealOf: (text: string) => string): readonly Entry[] {
  const found = readStoreFile(file, { limit: MOST });
  if (found === undefined || found instanceof Unread) return [];
  const [, seal = "", text = ""] = /^([0-9a-f]{64})\n(.*)$/s.exec(found.bytes.toString("utf8")) ?? [];
  return seal !== "" && seal === sealOf(text) ? (JSON.parse(text) as readonly Entry[]) : [];
}

/** As many as fit, those first that were asked for first. */
function fitting(all: readonly Entry[]): readonly Entry[] {
  // The seal, and what is around a list.
  let size = 100;
  return all.filter((entry) => {
    const next = size + Buffer.byteLength(JSON.stringify(entry)) + 1;
    if (next > MOST) return false;
    size = next;
    return true;
  });
}
