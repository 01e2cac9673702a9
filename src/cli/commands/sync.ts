import path from "node:path";
import { invoke } from "../../actions/input/action.ts";
import { type Synced, sync as syncAction } from "../../actions/sync/sync.ts";
import { type SyncStatus, syncStatus as statusAction } from "../../actions/sync/syncStatus.ts";
import type { TrackerSynced } from "../../actions/tracker/runTracker.ts";
import { AyoError } from "../../error.ts";
import type { Store } from "../../store/open/store.ts";
import { parseDuration } from "../../ticket/time.ts";
import { plain } from "../print/print.ts";
import type { Answer, Args, Command, Context } from "../table/command.ts";
import { flagsOf } from "../table/flagsOf.ts";

/** Others are not asked more often than this; in milliseconds. */
const LEAST_MS = 1_000;

/** `ayo sync`: asks before it shares for the first time; on a terminal by itself, elsewhere by `--yes`. */
export const sync: Command = {
  name: "sync",
  summary: syncAction.summary,
  positionals: [{ name: "tracker", required: false }],
  flags: {
    ...flagsOf(syncAction.input, { omit: ["ask"] }),
    whole: { type: "boolean", describe: "with a tracker: read everything there again" },
    every: { type: "string", describe: "go on, and sync this often (30s, 5m), until Ctrl-C" },
  },
  examples: [
    ["ayo sync", "with the project's remote; the first time it asks"],
    ["ayo sync --remote git@example.com:team/tickets.git", "through a repository for tickets alone"],
    ["ayo sync --dry-run", "what would come and go"],
    ["ayo sync linear", "with the tracker alone; or github"],
    ["ayo sync status", "where the tickets are shared, and what waits"],
    ["ayo sync --every 1m", "until Ctrl-C"],
    ["ayo sync --outbox", "where you may push only a branch of your own: a file that it carries"],
  ],
  run: async (context, args): Promise<Answer> => {
    if (args.words.length > 0) return (await import("./tracker.ts")).syncWithTracker(context, args);
    const { every, whole, ...flags } = args.flags;
    if (whole !== undefined) throw new AyoError("bad_usage", "--whole is for a tracker: ayo sync linear --whole");
    const store = context.store({ create: true });
    if (every !== undefined) return goOn(context, store, { ...args, flags }, String(every));
    const synced = await confirmed(context, store, flags);
    tell(context, synced);
    const text = flags.outbox ? outboxSentence(context, synced) : await wholeSentence(context, synced);
    return { json: { ...synced }, text, code: isLeft(synced) ? 1 : 0 };
  },
};

async function confirmed(context: Context, store: Store, flags: Args["flags"]): Promise<Synced> {
  const canAsk = context.tty.stdin && context.tty.stderr;
  const input = { ...flags, ask: canAsk };
  try {
    return await invoke(syncAction, store, input as never);
  } catch (error) {
    if (!(error instanceof AyoError) || error.code !== "needs_confirmation" || !canAsk) throw error;
    if (!(await context.ask(`${plain(String(error.data?.what))}\nShare them? [y/N] `)))
      throw new AyoError("needs_confirmation", "nothing was shared", { cause: error });
    return invoke(syncAction, store, { ...input, yes: true } as never);
  }
}

/** Syncs again and again; that nobody answers for a while is normal. */
async function goOn(context: Context, store: Store, args: Args, every: string): Promise<Answer> {
  const wait = parseDuration(every);
  if (wait === undefined || wait < LEAST_MS)
    throw new AyoError("bad_usage", "--every needs a duration of a second or more, such as 30s or 5m");
  if (args.flags.outbox) throw new AyoError("bad_usage", "--outbox writes a file once: leave --every out");
  const end = endOf(context);
  for (let isFirst = true; !end.isOver; isFirst = false) {
    try {
      const synced = await (isFirst
        ? confirmed(context, store, args.flags)
        : invoke(syncAction, store, args.flags as never));
      tell(context, synced);
      const isNews = synced.trackers?.some(hasNews) === true;
      if (isFirst || isNews || synced.came + synced.went > 0) context.out(`${await wholeSentence(context, synced)}\n`);
    } catch (error) {
      if (!(error instanceof AyoError) || !PASSING.includes(error.code)) throw error;
      context.warn(`warning: ${plain(error.message)}`);
    }
    await end.orAfter(wait);
  }
  return { json: undefined, text: "" };
}

/** Whether a tracker's sync has anything to say: also where nothing came and nothing went. */
const hasNews = ({ came, sent, told, left }: TrackerSynced): boolean => came + sent + told.length + left.length > 0;

/** When the user has had enough: waits for that, or so long. */
function endOf(context: Context) {
  let wake: () => void = () => {};
  const end = {
    isOver: false,
    orAfter: (ms: number): Promise<void> =>
      new Promise((resolve) => {
        if (end.isOver) return resolve();
        const timer = setTimeout(resolve, ms);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
  };
  void context.untilSignal().then(() => {
    end.isOver = true;
    wake();
  });
  return end;
}

/** So much of a merge is told on a terminal. */
const MAX_TOLD = 10;

/** What may be another time. */
const PASSING = ["unreachable", "git_busy", "store_busy"];

function tell(context: Context, { told, setAside, notices }: Synced): void {
  for (const notice of notices) context.warn(`note: ${plain(notice)}`);
  const some = told.slice(0, MAX_TOLD);
  for (const one of some) context.warn(`merged: ${plain(toldText(one))}`);
  if (told.length > some.length)
    context.warn(`merged: and ${told.length - some.length} more; each is in a note of its ticket ('--json' has all)`);
  for (const file of setAside) context.warn(`kept: ${plain(file)}`);
}

/** What happened to which ticket. */
function toldText({ path, message }: Synced["told"][number]): string {
  const name = path.slice(path.lastIndexOf("/") + 1).replace(/\.md$/, "");
  return message.includes(name) ? message : `${name}: ${message}`;
}

const isLeft = ({ trackers = [] }: Synced): boolean => trackers.some(({ left }) => left.length > 0);

/** What came of the remote, and of trackers. */
async function wholeSentence(context: Context, synced: Synced): Promise<string> {
  const { trackers = [], remote, dryRun } = synced;
  const parts = remote === null ? [] : [sentence({ ...synced, remote })];
  if (trackers.length === 0) return parts.join("");
  const { reportText, tellTracker } = await import("../print/trackerText.ts");
  for (const report of trackers) {
    tellTracker(context, report);
    if (report.left.length === 0 || report.came + report.sent > 0) parts.push(reportText(report, dryRun === true));
  }
  return parts.join("\n");
}

function sentence({
  remote,
  came,
  went,
  tickets,
  outbox,
  first,
  dryRun,
}: Synced & { readonly remote: string }): string {
  const where = plain(remote);
  const waiting = outbox
    .filter(({ state }) => state === "new")
    .map(({ file, branches }) => `, and ${file} of ${branches[0]}`);
  if (dryRun)
    return `Would sync with ${where}: ${commits(came)} would come, ${went} would go${plain(waiting.join(""))}`;
  const count = `${tickets} ${tickets === 1 ? "ticket" : "tickets"}`;
  if (first === "joined") return `Joined the tickets of ${where}: ${count}`;
  if (first === "shared") return `Shared ${count} with ${where}`;
  return came + went === 0 ? `Nothing new at ${where}` : `Synced with ${where}: ${commits(came)} came, ${went} went`;
}

/** What was written, and what carries it to others. */
function outboxSentence({ host }: Context, { remote, outbox, dryRun }: Synced): string {
  const [one] = outbox;
  const where = plain(remote ?? "");
  if (one === undefined) return `Nothing to send: ${where} has all that was done here`;
  const what = `${plain(one.file)}, ${commits(one.commits ?? 0)} that ${where} does not have`;
  if (dryRun) return `Would write ${what}`;
  const folder = path.dirname(path.relative(host.cwd, one.path ?? one.file));
  return `Wrote ${what}\nNow: git add -f ${quoted(folder)} && git commit`;
}

/** As a shell takes it. */
function quoted(text: string): string {
  return /^[\w./-]+$/.test(text) ? plain(text) : `'${plain(text).replaceAll("'", "'\\''")}'`;
}

function commits(count: number): string {
  return `${count} ${count === 1 ? "commit" : "commits"}`;
}

/** `ayo sync status`. */
export const syncStatus: Command = {
  name: "sync status",
  summary: statusAction.summary,
  positionals: [],
  flags: flagsOf(statusAction.input),
  examples: [["ayo sync status", "as of the last contact; nobody is asked"]],
  run: async (context): Promise<Answer> => {
    const status = await invoke(statusAction, context.store(), {});
    return { json: { ...status }, text: plain(statusText(status)) };
  },
};

function statusText(status: SyncStatus): string {
  const { shared, remote, url, ref, ahead, behind, setAside, seenAt, failure, failedAt } = status;
  const place = remote === url ? remote : `${remote} (${url})`;
  if (!shared)
    return remote === null
      ? "not shared, and the project has no remote"
      : `not shared yet: 'ayo sync' shares with ${place}`;
  return [
    `shared with ${place}, ${ref}${status.auto ? ", by itself while ayo watch, serve or mcp runs" : ""}`,
    seenAt === null ? "no contact yet" : `last contact ${seenAt}`,
    ahead + behind === 0 ? "nothing waits" : `${commits(ahead)} to send${behind === 0 ? "" : `, ${behind} to take in`}`,
    ...(status.unconfirmed.length === 0 ? [] : [`claims not confirmed yet: ${status.unconfirmed.join(", ")}`]),
    ...(setAside.length === 0 ? [] : [`set aside: ${setAside.map((file) => file.path).join(", ")}`]),
    ...(failure === null ? [] : [`the last try failed ${failedAt}: ${failure}`]),
  ].join("\n");
}
