import { invoke } from "../../actions/input/action.ts";
import { FACTS, placeOf, TRACKERS } from "../../actions/tracker/kinds/facts.ts";
import { isFirstSync, type TrackerSynced } from "../../actions/tracker/runTracker.ts";
import { trackerAdd as addAction, type TrackerAdded } from "../../actions/tracker/trackerAdd.ts";
import { trackerMap as mapAction } from "../../actions/tracker/trackerMap.ts";
import { trackerStatus as statusAction, type TrackerStanding } from "../../actions/tracker/trackerStatus.ts";
import {
  trackerPublish as publishAction,
  trackerPull as pullAction,
  trackerSync as syncAction,
  trackerUnlink as unlinkAction,
} from "../../actions/tracker/trackerWishes.ts";
import { AyoError } from "../../error.ts";
import { keepHeapSmall } from "../../host.ts";
import { counted } from "../../ticket/counted.ts";
import { mappingText } from "../print/mappingText.ts";
import { plain } from "../print/print.ts";
import { reportText, showProgress, tellNews, tellTracker } from "../print/trackerText.ts";
import type { Answer, Args, Command, Context } from "../table/command.ts";
import { flagsOf } from "../table/flagsOf.ts";

/** `ayo tracker add linear --team ENG`, `ayo tracker add github --repo acme/web`. */
export const trackerAdd: Command = {
  name: "tracker add",
  summary: addAction.summary,
  positionals: [{ name: "tracker", required: true }],
  flags: flagsOf(addAction.input, { omit: ["tracker"] }),
  examples: [
    ["ayo tracker add linear --team ENG", "shows the mapping that it found, and asks"],
    ["ayo tracker add github --repo acme/web", "the issues of a repository"],
    ["ayo tracker add github --repo acme/web --gh", "with the token that gh is signed in with"],
    ["ayo tracker add linear --team ENG --push all", "every ticket becomes an issue, not only published ones"],
  ],
  run: async (context, { words: [tracker = ""], flags }): Promise<Answer> => {
    const store = context.store({ create: true });
    const input = { ...flags, tracker };
    const added = await asked(context, () => invoke(addAction, store, input as never), {
      question: (data) =>
        `${mappingText(data.mapping as TrackerAdded["mapping"], context)}\n\nKeep the tickets of this store the same with ${nameOf(data as unknown as TrackerAdded)}? [y/N] `,
      again: () => invoke(addAction, store, { ...input, yes: true } as never),
      no: "nothing was written",
    });
    for (const notice of added.notices) context.warn(`note: ${plain(notice)}`);
    const { mapping, dryRun } = added;
    const head = dryRun
      ? `Would connect with ${nameOf(added)}`
      : `Connected with ${nameOf(added)}. Nothing was sent: next 'ayo sync ${added.tracker}'`;
    return { json: { ...added }, text: dryRun ? `${mappingText(mapping, context)}\n\n${head}` : head };
  },
};

/** `team ENG (Engineering)`, `repository acme/web`. */
function nameOf({ tracker, place: { key, name } }: TrackerAdded): string {
  const what = placeOf({ name: tracker, place: key });
  return plain(name === key ? what : `${what} (${name})`);
}

/** `ayo tracker map`. */
export const trackerMap: Command = {
  name: "tracker map",
  summary: mapAction.summary,
  positionals: [],
  flags: flagsOf(mapAction.input),
  examples: [
    ["ayo tracker map", "columns and states, priorities, labels and people"],
    ["ayo tracker map --state in_review='In Review'", "which state a column is"],
    ["ayo tracker map --state in_progress='label:in progress'", "at GitHub, a label that says it"],
    ["ayo tracker map --person @coder=Bot", "whom an agent is there"],
  ],
  run: async (context, { flags }): Promise<Answer> => {
    const mapped = await invoke(mapAction, context.store(), flags as never);
    if (mapped.dryRun) context.warn("dry run: nothing was changed");
    for (const notice of mapped.notices) context.warn(`note: ${plain(notice)}`);
    return { json: { ...mapped }, text: mappingText(mapped.mapping, context) };
  },
};

/** `ayo tracker status`. */
export const trackerStatus: Command = {
  name: "tracker status",
  summary: statusAction.summary,
  positionals: [],
  flags: flagsOf(statusAction.input),
  examples: [["ayo tracker status", "as of the last sync from this machine"]],
  run: async (context): Promise<Answer> => {
    const { trackers } = await invoke(statusAction, context.store(), {});
    const text = trackers.map(standingText).join("\n\n");
    return {
      json: { trackers },
      text: plain(
        text === ""
          ? "no tracker: 'ayo tracker add linear --team KEY' or '… add github --repo OWNER/NAME' adds one"
          : text,
      ),
      ids: trackers.map(({ tracker }) => tracker),
    };
  },
};

function standingText(one: TrackerStanding): string {
  const {
    tracker,
    place,
    url,
    push,
    key,
    allowed,
    syncedAt,
    linked,
    detached,
    unlinked,
    left,
    refused,
    until,
    trouble,
  } = one;
  return [
    `${tracker}: ${placeOf({ name: tracker, place })}, ${push === "all" ? "every ticket" : "published tickets"}${allowed ? "" : `; ${url} is not allowed here: ayo allow trackers.${tracker}.url`}`,
    ...(key ? [] : [`${FACTS[tracker].keyName} is not set here`]),
    syncedAt === null ? "never synced from this machine" : `last synced ${syncedAt}`,
    ...trouble.map((why) => `not synced: ${why}`),
    `${counted(linked, "ticket")} linked`,
    ...unlinked.map((item) => `unlinked: ${item.id} (${item.key})`),
    ...detached.map((item) => `gone there, and kept here: ${item.id} (${item.key})`),
    ...left.map(({ id, why }) => `waits: ${id === "" ? "" : `${id}: `}${why}`),
    ...refused.map(({ id, part, why }) => `refused: ${id}: ${why ?? `${part}; why, another machine heard`}`),
    ...(refused.length === 0
      ? []
      : [`what was refused is sent again when it changes, or by 'ayo sync ${tracker} --whole'`]),
    ...(until === null ? [] : [`it may be asked again from ${until} on`]),
  ].join("\n");
}

const wish = (
  action: typeof publishAction | typeof unlinkAction | typeof pullAction,
  words: Pick<Command, "name" | "positionals" | "examples"> & { readonly key: "ids" | "keys" },
): Command => ({
  name: words.name,
  summary: action.summary,
  positionals: words.positionals,
  flags: flagsOf(action.input as typeof publishAction.input, { omit: [words.key] }),
  examples: words.examples,
  run: (context, args) => synced(context, args, action as typeof publishAction, { [words.key]: args.words }),
});

/** `ayo tracker publish <id…>`. */
export const trackerPublish: Command = wish(publishAction, {
  name: "tracker publish",
  positionals: [{ name: "id…", required: true, many: true, complete: "id" }],
  examples: [["ayo tracker publish mya-x7k2", "it becomes an issue; the first time it asks"]],
  key: "ids",
});

/** `ayo tracker unlink <id…>`. */
export const trackerUnlink: Command = wish(unlinkAction, {
  name: "tracker unlink",
  positionals: [{ name: "id…", required: true, many: true, complete: "id" }],
  examples: [["ayo tracker unlink mya-x7k2", "the ticket and its issue stay, each as it is"]],
  key: "ids",
});

/** `ayo tracker pull <key…>`. */
export const trackerPull: Command = wish(pullAction, {
  name: "tracker pull",
  positionals: [{ name: "key…", required: true, many: true }],
  examples: [["ayo tracker pull ENG-12", "also one that was unlinked before"]],
  key: "keys",
});

/** `ayo sync linear` or `github`: the tracker alone. */
export function syncWithTracker(context: Context, args: Args): Promise<Answer> {
  const [tracker = ""] = args.words;
  if (!(TRACKERS as readonly string[]).includes(tracker)) {
    const names = `it is ${TRACKERS.join(" or ")} (and there is 'ayo sync status')`;
    throw new AyoError("bad_usage", `there is no tracker '${plain(tracker)}': ${names}`);
  }
  const other = ["remote", "outbox", "every"].find((flag) => args.flags[flag] !== undefined);
  if (other !== undefined)
    throw new AyoError("bad_usage", `--${other} is for a sync with others: leave ${tracker} out`);
  return synced(context, args, syncAction as unknown as typeof publishAction, { tracker });
}

async function synced(
  context: Context,
  { flags }: Args,
  action: typeof publishAction,
  more: Readonly<Record<string, unknown>>,
): Promise<Answer> {
  const store = context.store();
  // The first time thousands of tickets may come at once.
  if (isFirstSync(store)) keepHeapSmall();
  const input = { ...flags, ...more };
  const end = showProgress(context, store);
  const heard = (data: Readonly<Record<string, unknown>>): void => {
    end();
    tellNews(context, (data.told ?? []) as TrackerSynced["told"]);
  };
  let report: TrackerSynced;
  try {
    report = await asked(context, () => invoke(action, store, input as never), {
      question: (data) => `${plain(String(data.what))}\nSend them? [y/N] `,
      again: () => invoke(action, store, { ...input, yes: true } as never),
      no: "nothing was sent",
      heard,
    });
  } finally {
    end();
  }
  tellTracker(context, report);
  const dryRun = flags.dryRun === true;
  return { json: { ...report }, text: reportText(report, dryRun), code: report.left.length > 0 ? 1 : 0 };
}

/** Does something; where it needs a yes, asks for it on a terminal. */
async function asked<T>(
  context: Context,
  first: () => Promise<T>,
  words: {
    readonly question: (data: Readonly<Record<string, unknown>>) => string;
    readonly again: () => Promise<T>;
    readonly no: string;
    /** Says what was done before the question, whether or not it can be asked. */
    readonly heard?: (data: Readonly<Record<string, unknown>>) => void;
  },
): Promise<T> {
  try {
    return await first();
  } catch (error) {
    if (!(error instanceof AyoError) || error.code !== "needs_confirmation") throw error;
    words.heard?.(error.data ?? {});
    if (!context.tty.stdin || !context.tty.stderr) throw error;
    if (await context.ask(words.question(error.data ?? {}))) return words.again();
    throw new AyoError("needs_confirmation", words.no, { cause: error });
  }
}
