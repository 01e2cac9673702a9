import { keep } from "../open/runtime.ts";
import type { Store } from "../open/store.ts";
import type { FolderWatcher } from "./folderWatcher.ts";
import { DOUBT_MS, HEARD, type Heard, heardNames } from "./heard.ts";
import { isSameState } from "./sameState.ts";
import { claimsStamp, storeStamp } from "./stamp.ts";
import { readFresh, shareView, type View, viewLater } from "./view.ts";

/**
 * Makes reads of a store in a process that lives cost what a stat costs, for as long as nothing changes: they share a
 * view until the folder's or the branch's stamp differs, the system tells of a change in the folder (an editor that
 * writes in place), or ten seconds have passed. Where the system tells nothing, every read looks at everything, unless
 * the stamps alone are trusted for `blindMs`, as where somebody else is watching. `sameFor`: for so long the view is
 * the same object too, and its `now` stands still. In milliseconds. It keeps no process alive.
 */
export function keepView(
  store: Store,
  { sameFor = 0, blindMs = 0 }: { readonly sameFor?: number; readonly blindMs?: number } = {},
): void {
  const listening = listenTo(store.dir);
  keep(store, HEARD, listening.heard);
  try {
    // Whoever only changes something looks at what was heard, too.
    listening.changes(storeStamp(store));
  } catch {
    // That it is gone is told by whoever reads it.
  }
  let kept:
    | { view: Promise<View>; readonly stamp: string; claims: string; readonly readAt: number; shownAt: number }
    | undefined;
  shareView(store, async () => {
    await listening.heard.settle();
    const now = store.host.now();
    const stamp = storeStamp(store);
    const changes = listening.changes(stamp);
    const current = `${stamp} ${changes ?? ""}`;
    const claims = claimsStamp(store);
    const trusted = changes === undefined ? blindMs : DOUBT_MS;
    if (kept === undefined || kept.stamp !== current || Math.abs(now - kept.readAt) >= trusted) {
      const view = kept?.stamp === current ? readAgain(store, kept.view, now) : readFresh(store);
      const fresh = { view, stamp: current, claims, readAt: now, shownAt: now };
      kept = fresh;
      fresh.view.catch(() => {
        if (kept === fresh) kept = undefined;
      });
    } else if (kept.claims !== claims || (now !== kept.shownAt && Math.abs(now - kept.shownAt) >= sameFor)) {
      kept.view = kept.view.then((view) => viewLater(store, view, now));
      kept.claims = claims;
      kept.shownAt = now;
    }
    return kept.view;
  });
}

/** The store read again where nothing told of a change: mostly it is as it was, and so is what was made of that. */
async function readAgain(store: Store, before: Promise<View>, now: number): Promise<View> {
  const [known, fresh] = await Promise.all([before, readFresh(store)]);
  return isSameState(known, fresh) ? viewLater(store, known, now) : fresh;
}

interface Listening {
  /** How often something has changed; undefined where nothing tells. Another stamp may be another folder. */
  changes(stamp: string): number | undefined;
  /** The names of what has changed. */
  readonly heard: Heard;
}

function listenTo(dir: string): Listening {
  let count = 0;
  let inode = "";
  let turn = 0;
  let watcher: FolderWatcher | undefined;
  const heard = heardNames(dir, () => watcher !== undefined);
  const begin = async (): Promise<void> => {
    const mine = ++turn;
    const old = watcher;
    watcher = undefined;
    await old?.close();
    const { watchFolders } = await import("./folderWatcher.ts");
    let isDeaf = false;
    const onFailure = (): void => {
      isDeaf = true;
      if (mine === turn) watcher = undefined;
      count++;
      heard.lose();
    };
    const onChange = (_: string, name: string): void => {
      count++;
      heard.add(name);
    };
    const fresh = await watchFolders([dir], { onChange, onFailure }, { persistent: false });
    // What happened before it could be heard has not been heard.
    count++;
    heard.lose();
    if (mine === turn && !isDeaf) watcher = fresh;
    else await fresh.close();
  };
  return {
    heard,
    changes: (stamp) => {
      const now = stamp.slice(0, stamp.indexOf(" "));
      // Without it every read looks at everything.
      if (now !== inode) void begin().catch(() => {});
      inode = now;
      return watcher === undefined ? undefined : count;
    },
  };
}
