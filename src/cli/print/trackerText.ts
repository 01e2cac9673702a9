import { hearProgress, type TrackerSynced } from "../../actions/tracker/runTracker.ts";
import type { Store } from "../../store/open/store.ts";
import { counted } from "../../ticket/counted.ts";
import type { Context } from "../table/command.ts";
import { plain } from "./print.ts";

/** So much is told on a terminal. */
const MOST = 10;
/** A short run shows no bar; in milliseconds. */
const PATIENCE = 1_000;
const STEP = 100;
const BAR = 20;

/** Shows on a terminal how far a long run is; returns what takes it away. */
export function showProgress(context: Context, store: Store): () => void {
  if (!context.tty.stderr) return () => undefined;
  const since = performance.now();
  let last = since;
  let isShown = false;
  hearProgress(store, (done, total, what) => {
    const now = performance.now();
    if (now - since < PATIENCE || (now - last < STEP && done !== total)) return;
    last = now;
    isShown = true;
    const filled = total === undefined || total === 0 ? 0 : Math.round((done / total) * BAR);
    const bar = total === undefined ? "" : ` [${"#".repeat(filled)}${"-".repeat(BAR - filled)}]`;
    context.err(`\r\x1b[K${plain(what)}${bar} ${done}${total === undefined ? "" : `/${total}`}`);
  });
  return () => {
    hearProgress(store, undefined);
    if (isShown) context.err("\r\x1b[K");
    isShown = false;
  };
}

/** Says what a person is to hear of. */
export function tellTracker(context: Context, { told, left, notices, until }: TrackerSynced): void {
  for (const notice of notices) context.warn(`note: ${plain(notice)}`);
  // What waits is said once.
  const waits = new Set(left.map(({ id, why }) => `${id} ${why}`));
  tellNews(
    context,
    told.filter(({ id, text }) => !waits.has(`${id} ${text}`)),
  );
  for (const { id, why } of left.slice(0, MOST))
    context.warn(`waits: ${id === "" ? "" : `${plain(id)}: `}${plain(why)}`);
  if (left.length > MOST) context.warn(`waits: and ${left.length - MOST} more ('--json' has all)`);
  if (until !== null && !left.some(({ why }) => why.includes(until)))
    context.warn(`it may be asked again from ${until} on`);
}

/** Says what became of tickets. */
export function tellNews(context: Context, news: TrackerSynced["told"]): void {
  for (const { id, text } of news.slice(0, MOST)) context.warn(`${plain(id)}: ${plain(text)}`);
  if (news.length > MOST) context.warn(`and ${news.length - MOST} more ('--json' has all)`);
}

/** What came of it, in a sentence; of a dry run the requests too. */
export function reportText(report: TrackerSynced, isDry: boolean): string {
  const { tracker, place, came, sent, left, requests = [] } = report;
  const where = `${tracker} (${plain(place)})`;
  if (isDry) {
    if (requests.length === 0) return `Nothing would be sent to ${where}`;
    const lines = requests.map((one) => plain(JSON.stringify(one)));
    return [`Would send ${counted(requests.length, "request")} to ${where}:`, ...lines].join("\n");
  }
  if (came + sent === 0)
    return left.length === 0 ? `Nothing new at ${where}` : `Nothing came from ${where} or went there`;
  return `Synced with ${where}: ${counted(came, "ticket")} came, ${counted(sent, "change")} went`;
}
