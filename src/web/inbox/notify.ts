import { call } from "../data/api.ts";
import { lastEvents } from "../data/events.ts";
import { needs } from "../data/inbox.ts";
import { configured } from "../data/model.ts";
import type { Line } from "../data/shapes.ts";
import { hrefOf, navigate } from "../page/router.ts";
import { readStored, writeStored } from "../page/state.ts";
import { halfMinute } from "../page/times.ts";
import { isNotifying, wish } from "../page/wish.ts";
import { say } from "../words/say.ts";
import { kindName } from "./kinds.ts";
import { newsIn, type Told, tellOf } from "./news.ts";

/** Windows that somebody looks at hold this together. */
const LOOKED = "ayo looked at";
/** So many lines are compared with those that are known. */
const LIMIT = 500;

let isFollowing = false;
/** Ends the turn of this window, or its waiting for it. */
let turn: AbortController | undefined;

/** Has this window wait for its turn to tell: one window of a browser does, for each store. */
export function follow(): void {
  if (isFollowing) return;
  isFollowing = true;
  noteLooks();
  navigator.serviceWorker?.addEventListener("message", ({ data }: MessageEvent<{ readonly open?: unknown }>) => {
    if (typeof data.open === "string") navigate(data.open);
  });
  let dir: string | undefined;
  const look = (): void => {
    const wanted = isNotifying() ? configured.get()?.dir : undefined;
    if (wanted === dir) return;
    dir = wanted;
    turn?.abort();
    turn = wanted === undefined ? undefined : new AbortController();
    if (wanted !== undefined && turn !== undefined) takeTurn(wanted, turn.signal);
  };
  configured.follow(look);
  wish.follow(look);
  look();
}

function takeTurn(dir: string, signal: AbortSignal): void {
  navigator.locks
    .request(`ayo notify ${dir}`, { signal }, () => tellUntil(dir, signal))
    .catch((error: Error) => {
      if (error.name !== "AbortError") throw error;
    });
}

/** Says, as long as somebody looks at this window, that he does. */
function noteLooks(): void {
  let end: (() => void) | undefined;
  const look = (): void => {
    const isLooked = !document.hidden && document.hasFocus();
    if (isLooked === (end !== undefined)) return;
    end?.();
    end = undefined;
    if (!isLooked) return;
    const held = new Promise<void>((resolve) => {
      end = resolve;
    });
    void navigator.locks.request(LOOKED, { mode: "shared" }, () => held);
  };
  for (const event of ["focus", "blur"]) window.addEventListener(event, look);
  document.addEventListener("visibilitychange", look);
  look();
}

/** Whether somebody looks at any window of ayo. */
async function isLookedAt(): Promise<boolean> {
  const { held = [] } = await navigator.locks.query();
  return held.some(({ name }) => name === LOOKED);
}

/** Tells of what is new until the turn ends. */
async function tellUntil(dir: string, signal: AbortSignal): Promise<void> {
  const place = `told ${dir}`;
  const stored = readStored(place);
  let known = stored === undefined ? undefined : new Set<string>(parsed(stored));
  const shown = new Map<string, Notification>();
  const compare = async (items: readonly Line[]): Promise<void> => {
    const { fresh, now } = newsIn(items, known ?? new Set());
    // What was there when this was asked for is no news.
    const isFirst = known === undefined;
    known = new Set(now);
    writeStored(place, JSON.stringify([...now]));
    closeSettled(shown, items);
    if (isFirst || fresh.length === 0 || (await isLookedAt())) return;
    for (const told of tellOf(fresh, { many: say.notify.many, kind: kindName })) await tell(dir, told, shown);
  };
  const read = oneByOne(async () => {
    const { items } = await call<{ items: Line[] }>(`/inbox?limit=${LIMIT}`);
    if (!signal.aborted) await compare(items);
  });
  const ends = [lastEvents, needs, halfMinute].map(({ follow: hear }) => hear(read));
  read();
  await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
  for (const end of ends) end();
}

/** Does something when it is called, and once more where it was called meanwhile; a failure is made up for by the next. */
function oneByOne(work: () => Promise<void>): () => void {
  let isAtWork = false;
  let isWanted = false;
  const go = async (): Promise<void> => {
    isWanted = true;
    if (isAtWork) return;
    isAtWork = true;
    while (isWanted) {
      isWanted = false;
      await work().catch(() => undefined);
    }
    isAtWork = false;
  };
  return () => void go();
}

function parsed(text: string): string[] {
  try {
    return JSON.parse(text) as string[];
  } catch {
    return [];
  }
}

function closeSettled(shown: Map<string, Notification>, items: readonly Line[]): void {
  const there = new Set(items.map(({ key }) => key));
  for (const [key, notification] of shown) {
    if (there.has(key) || (key === "" && items.length > 0)) continue;
    notification.close();
    shown.delete(key);
  }
}

async function tell(dir: string, { title, body, key }: Told, shown: Map<string, Notification>): Promise<void> {
  const href = hrefOf("inbox", { line: key });
  const options = { body, tag: `ayo ${dir} ${key}`, icon: "/icon-192.png", data: href };
  try {
    const notification = new Notification(title, options);
    shown.set(key, notification);
    notification.onclick = () => {
      window.focus();
      navigate(href);
      notification.close();
    };
  } catch {
    // Phones want the service worker to do it.
    const worker = await navigator.serviceWorker?.getRegistration();
    await worker?.showNotification(title, options);
  }
}
