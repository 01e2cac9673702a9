import * as v from "valibot";
import { AyoError } from "../../error.ts";
import { isEmpty } from "../../store/change/draft.ts";
import type { Sentence } from "../../store/change/message.ts";
import { transaction } from "../../store/change/transaction.ts";
import { actorOf, isInRun } from "../../store/open/identity/identity.ts";
import type { Store } from "../../store/open/store.ts";
import { action, optionalText, text, type Written, writeOptions } from "../input/action.ts";
import type { NeedsYou } from "./foreign.ts";
import { KINDS, type Kind, NAMES } from "./kinds.ts";
import { readLastImport, recordImport } from "./lastImport.ts";
import { readSource } from "./source.ts";
import type { Skipped, Taken } from "./taken.ts";
import { takeOver } from "./takeOver.ts";

const input = v.object({
  path: text("a folder or file that a tool below keeps or exports; - is stdin"),
  from: v.optional(v.pipe(v.picklist(KINDS), v.description("what it is, where the path does not show it"))),
  as: optionalText("the agent in whose name the change is made"),
  dryRun: writeOptions.dryRun,
  text: optionalText("the lines themselves, where path is -"),
});

type Input = v.InferOutput<typeof input>;

/** What `import` answers; `total` counts what was written and what needs the user. */
export interface Imported extends Written {
  readonly from: Kind;
  readonly total: number;
  readonly imported: number;
  readonly exact: number;
  readonly withExtraFields: number;
  /** Those of which a part has no place here. */
  readonly inPart: number;
  /** Keys that are kept and have no field here, with how many of the imported have each. */
  readonly extraFields: Readonly<Record<string, number>>;
  /** What of them has no place here: `comments.url`. */
  readonly leftOut: Readonly<Record<string, number>>;
  /** What was not copied, since git or ayo tells it anew: `updated_at`. */
  readonly derived: Readonly<Record<string, number>>;
  /** Those among the imported that were here before. */
  readonly updated: number;
  readonly unchanged: number;
  /** Left as they are, since they were changed or deleted here. */
  readonly skipped: readonly Skipped[];
  /** Removed, since they were deleted there and not changed here. */
  readonly deleted: readonly string[];
  /** Ids recorded so that they are never given out again. */
  readonly tombstones: readonly string[];
  readonly needYou: readonly NeedsYou[];
  readonly danglingReferences: number;
  /** Statuses that are no column of this board, with how many tickets have them. */
  readonly unknownStatuses: Readonly<Record<string, number>>;
  readonly ids: readonly string[];
}

/** How far an import is. */
export interface Progress {
  readonly phase: "reading" | "preparing" | "writing";
  readonly done: number;
  readonly total: number;
}

/** What an import may use besides its input. */
export interface ImportSurroundings {
  readonly stdin?: () => Promise<string>;
  readonly onProgress?: (progress: Progress) => void;
}

/** More tickets than this are not named one by one in the commit message. */
const MAX_TRAILERS = 50;

/** `ayo import <path>`: other tools' tickets with their ids, in one commit; safe to repeat. */
export const importTickets = action({
  name: "import",
  summary: "Take over tickets of other tools: beads, GitHub, Linear, tk and others",
  writes: true,
  input,
  run: async (store, input): Promise<Imported> => {
    if (input.path === "-" && input.text === undefined) {
      throw new AyoError("bad_input", "text is missing: JSON lines as an export has them", { data: { field: "text" } });
    }
    return importFrom(store, input, input.text === undefined ? {} : { stdin: async () => input.text as string });
  },
});

/**
 * The import with its surroundings. It calls the transaction itself: archiving what is old would be a second commit.
 * @throws not_found, bad_input when nothing can be read at all, needs_person in a run
 */
export async function importFrom(
  store: Store,
  input: Input,
  { stdin, onProgress = () => {} }: ImportSurroundings = {},
): Promise<Imported> {
  if (isInRun(store.host)) throw inRun();
  onProgress({ phase: "reading", done: 0, total: 0 });
  const source = await readSource(store, { path: input.path, from: input.from, stdin });
  const options = { actor: actorOf(input.as, store), dryRun: input.dryRun === true };
  const onDone = (taken: Taken): void => recordImport(store, taken.blobs);
  const outcome = await transaction(store, { ...options, onDone }, async (draft) => {
    const result = await takeOver(store, draft, source, readLastImport(store), (done, total) =>
      onProgress({ phase: "preparing", done, total }),
    );
    onProgress({ phase: "writing", done: 0, total: draft.files.size });
    return isEmpty(draft) ? { result } : { result, sentence: sentenceOf(result, source.kind) };
  });
  const written: Written = {
    notices: [
      ...source.notices,
      ...outcome.notices,
      ...circleNotice(outcome.result.circles),
      ...valueNotices(outcome.result),
      ...typeNotice(outcome.result),
      ...outputNotices(outcome.result),
    ],
    commit: outcome.commit ?? null,
    ...(outcome.deferred === undefined ? {} : { deferred: outcome.deferred }),
    ...(options.dryRun ? { dryRun: true, wouldChange: outcome.wouldChange === true } : {}),
  };
  return { ...written, ...answer(outcome.result, source.kind) };
}

/** What a run makes counts, and says from where it is; what is imported does not. */
function inRun(): AyoError {
  return new AyoError(
    "needs_person",
    "inside a run of an agent only a person can import tickets: make them by create",
    {
      try: ["ayo", "ticket", "create"],
    },
  );
}

/** Names the first circle, and where all of them are shown. */
function circleNotice(circles: Taken["circles"]): string[] {
  const [first] = circles;
  if (first === undefined) return [];
  const more = circles.length > 1 ? ` and ${circles.length - 1} more` : "";
  return [`tickets wait for each other: ${first.join(" -> ")}${more}; 'ayo ticket dep cycle' shows them`];
}

/** Values that no command would take are imported as they are, and told. */
function valueNotices({ faults }: Taken): string[] {
  const told = faults.slice(0, 5);
  const more = faults.length - told.length;
  return more === 0 ? told : [...told, `and ${more} more such values; 'ayo doctor' has them all`];
}

/** Types are kept, too; no command gives one that the store does not have. */
function typeNotice({ unknownTypes }: Taken): string[] {
  if (unknownTypes.size === 0) return [];
  const types = [...unknownTypes].map(([type, count]) => `${type} (${count})`).join(", ");
  return [`types that the store does not have: ${types}; 'ayo config types' sets which it has`];
}

/** What a ticket says was made, and is not here, and what was not put in the place of something else. */
function outputNotices({ withoutOutput: ids, withoutFiles: files, schemas }: Taken): string[] {
  const named = (all: readonly string[]): string =>
    all.slice(0, 5).join(", ") + (all.length > 5 ? ` and ${all.length - 5} more` : "");
  const output = `the output did not come along, or is not the one that was handed in: ${named(ids)}`;
  return [
    ...schemas,
    ...(ids.length === 0 ? [] : [output]),
    ...(files.length === 0 ? [] : [`attached files did not come along: ${named(files)}`]),
  ];
}

function sentenceOf({ ids, deleted }: Taken, kind: Kind): Sentence {
  const subject = `import ${ids.length} ${ids.length === 1 ? "ticket" : "tickets"} from ${NAMES[kind]}`;
  const tickets = [...ids, ...deleted];
  // Old notes call nobody, see ticket/events/mentioned.ts.
  return { subject, event: "imported", tickets: tickets.length > MAX_TRAILERS ? [] : tickets };
}

function answer(taken: Taken, from: Kind): Omit<Imported, keyof Written> {
  const { ids, exact, withExtraFields, inPart, updated, unchanged, skipped, deleted, tombstones, needYou } = taken;
  return {
    from,
    total: ids.length + needYou.length,
    imported: ids.length,
    exact,
    withExtraFields,
    inPart,
    extraFields: Object.fromEntries(taken.extraFields),
    leftOut: Object.fromEntries(taken.leftOut),
    derived: Object.fromEntries(taken.derived),
    updated,
    unchanged,
    skipped,
    deleted,
    tombstones,
    needYou,
    danglingReferences: taken.dangling,
    unknownStatuses: Object.fromEntries(taken.unknownStatuses),
    ids,
  };
}
