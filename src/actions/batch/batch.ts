import * as v from "valibot";
import { AyoError } from "../../error.ts";
import type { Draft } from "../../store/change/draft.ts";
import type { Sentence } from "../../store/change/message.ts";
import { storeInside } from "../../store/change/storeInside.ts";
import { type TicketJson, ticketJson } from "../answers/describe.ts";
import { idsOf } from "../answers/idsOf.ts";
import { ticketsOf } from "../answers/written.ts";
import { action, change, flag, invoke, optionalText, type Written } from "../input/action.ts";
import { describeInput } from "../input/describeInput.ts";
import { fitInput } from "../input/fitInput.ts";
import { foreignNames } from "../input/foreignNames.ts";
import { localNames, type Names } from "./names.ts";
import { OPERATIONS, operationOf } from "./operations.ts";
import { type Line, parseLines } from "./parseLines.ts";

/** What one line did. */
export interface Done {
  /** Counted from 1. */
  readonly line: number;
  readonly op: string;
  readonly name?: string;
  /** The tickets that the line was about. */
  readonly ids: readonly string[];
  /** The change in one sentence; null where everything was so already. */
  readonly did: string | null;
}

/** What a batch answers. */
export interface Batched extends Written {
  readonly results: readonly Done[];
  /** The tickets that the lines were about, as they are after the whole. */
  readonly tickets: readonly TicketJson[];
  /** The id of every ticket that a line named. */
  readonly names: Readonly<Record<string, string>>;
  /** Tickets that are ready after the batch and were not before. */
  readonly nowReady: readonly { readonly id: string; readonly title: string }[];
}

const input = v.object({
  operations: v.optional(
    v.pipe(
      v.array(v.record(v.string(), v.unknown())),
      v.description("{op, …} each; a name given with name is used as $name in later ones"),
    ),
  ),
  text: optionalText("the operations as JSON lines"),
  as: optionalText("the agent in whose name the change is made"),
  dryRun: flag("show what would happen, change nothing"),
});

/** `ayo ticket batch`: all or none, one commit. */
export const batch = action({
  name: "batch",
  summary: "Make many changes at once, all or none, in one commit",
  writes: true,
  input,
  run: async (store, input): Promise<Batched> => {
    const lines = linesOf(input);
    const outcome = await change(store, input, async (draft) => {
      const within = storeInside(store, draft);
      const result = await applyLines(within, lines);
      return { result, ...sentenceOf(within.parts.sentences, result.done) };
    });
    const { done, names, readyBefore } = outcome.result;
    const after = input.dryRun ? outcome.result.after : await outcome.after();
    const about = [...new Set(done.flatMap(({ ids }) => ids))];
    const tickets = (await ticketsOf(store, after, about)).map((ticket) => ticketJson(after, ticket));
    const nowReady = after.tickets
      .filter((ticket) => !readyBefore.has(ticket.id) && after.isReady(ticket))
      .map(({ id, title }) => ({ id, title }));
    // Ids of tickets that are only thought of would not be theirs.
    if (input.dryRun) return { ...outcome.written, tickets: [], ...withoutNewIds(done, names), nowReady };
    return { ...outcome.written, tickets, results: done, names, nowReady };
  },
});

function linesOf({ operations, text }: v.InferOutput<typeof input>): Line[] {
  if ((operations === undefined) === (text === undefined)) {
    throw new AyoError("bad_input", "a batch is given as operations or as text");
  }
  const lines = operations?.map((value, at) => ({ line: at + 1, value })) ?? parseLines(text ?? "");
  if (lines.length === 0) throw new AyoError("bad_input", 'no operations: give lines such as {"op":"close","id":"…"}');
  return lines;
}

/** A dry run makes up ids that the real one will not have: a new ticket is called by its name, or by its line. */
function withoutNewIds(done: readonly Done[], names: Names["ids"]): Pick<Batched, "results" | "names"> {
  const made = new Map<string, string>();
  for (const { op, ids, name, line } of done) {
    if (op === "create") for (const id of ids) made.set(id, name === undefined ? `line ${line}'s` : `$${name}`);
  }
  const told = (text: string): string => [...made].reduce((before, [id, word]) => before.replaceAll(id, word), text);
  const results = done.map((one) => ({
    ...one,
    ids: one.ids.filter((id) => !made.has(id)),
    did: one.did === null ? null : told(one.did),
  }));
  return { results, names: Object.fromEntries(Object.entries(names).filter(([, id]) => !made.has(id))) };
}

interface Applied {
  readonly done: readonly Done[];
  readonly names: Names["ids"];
  readonly readyBefore: ReadonlySet<string>;
  readonly after: Draft["view"];
}

async function applyLines(within: Within, lines: readonly Line[]): Promise<Applied> {
  const start = await viewNow(within);
  const names = localNames();
  const done: Done[] = [];
  for (const line of lines) done.push(await applyLine(within, line, names));
  // Only what was there before can have become ready: a new ticket's line says enough.
  const readyBefore = new Set(start.tickets.filter((ticket) => start.isReady(ticket)).map(({ id }) => id));
  const created = done.filter(({ op }) => op === "create").flatMap(({ ids }) => ids);
  return { done, names: names.ids, readyBefore: new Set([...readyBefore, ...created]), after: await viewNow(within) };
}

/** The store inside the batch, and its parts. */
type Within = ReturnType<typeof storeInside>;

async function viewNow({ parts }: Within): Promise<Draft["view"]> {
  return (await parts.make(() => ({ result: undefined }))).after();
}

async function applyLine({ inside, parts }: Within, { line, value }: Line, names: Names): Promise<Done> {
  const { op, name, ...rest } = value;
  try {
    const action = typeof op === "string" ? await operationOf(op) : undefined;
    if (action === undefined) throw unknownOperation(op);
    const { sentences } = parts;
    const before = sentences.length;
    const known = new Set(describeInput(action.input).map((field) => field.name));
    const input = names.resolve(fitInput(action.input, rest, foreignNames(known)));
    for (const whole of ["as", "dryRun", "wait"]) {
      if (whole in input) throw new AyoError("bad_input", `${whole} is for the whole batch, not for one line`);
    }
    const ids = idsOf(await invoke(action, inside, input));
    if (name !== undefined && name !== null) names.set(name, ids);
    const did = sentences[before]?.subject ?? null;
    return { line, op: action.name, ...(typeof name === "string" ? { name } : {}), ids, did };
  } catch (error) {
    throw atLine(error, line, op);
  }
}

function unknownOperation(op: unknown): AyoError {
  const fact = op === undefined ? "op is missing" : `there is no operation ${JSON.stringify(op)}`;
  return new AyoError("bad_input", `${fact}; there are ${OPERATIONS.join(", ")}`, { data: { operations: OPERATIONS } });
}

function atLine(error: unknown, line: number, op: unknown): unknown {
  if (!(error instanceof AyoError)) return error;
  const what = typeof op === "string" ? `line ${line} (${op})` : `line ${line}`;
  return new AyoError(error.code, `${what}: ${error.message}`, {
    cause: error,
    data: { ...error.data, line, ...(typeof op === "string" ? { op } : {}) },
    ...(error.try === undefined ? {} : { try: error.try }),
  });
}

/** One sentence for the whole: that of the only part, or how many changes of which kind, and to what. */
function sentenceOf(sentences: readonly Sentence[], done: readonly Done[]): { readonly sentence?: Sentence } {
  const [first] = sentences;
  if (first === undefined) return {};
  if (sentences.length === 1) return { sentence: first };
  const counts = new Map<string, number>();
  for (const { op, did } of done) if (did !== null) counts.set(op, (counts.get(op) ?? 0) + 1);
  const tickets = [...new Set(sentences.flatMap((sentence) => sentence.tickets))];
  const subject = `batch: ${[...counts].map(([op, count]) => `${count} ${op}`).join(", ")}: ${tickets.join(", ")}`;
  // The name of the event tells closed from approved, say, and holds for every ticket of the commit.
  const isOne = first.event !== undefined && sentences.every((sentence) => sentence.event === first.event);
  const mustCommit = sentences.some((sentence) => sentence.mustCommit === true);
  return {
    sentence: {
      subject,
      tickets,
      ...(isOne ? { event: first.event as string } : {}),
      ...(mustCommit ? { mustCommit } : {}),
    },
  };
}
