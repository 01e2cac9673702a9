import * as v from "valibot";
import { AyoError } from "../error.ts";
import type { Draft } from "../store/change/draft.ts";
import type { Store } from "../store/open/store.ts";
import type { Column } from "../ticket/rules/board.ts";
import { assertAsNew } from "../ticket/rules/gate.ts";
import { parseCriteria } from "../ticket/text/criteria.ts";
import { formatTicket } from "../ticket/text/formatTicket.ts";
import type { Fields, Ticket } from "../ticket/ticket.ts";
import { type TicketJson, ticketJson } from "./answers/describe.ts";
import { addDependency } from "./depAdd.ts";
import {
  action,
  change,
  flag,
  optionalList,
  optionalText,
  priority,
  text,
  type Written,
  writeOptions,
} from "./input/action.ts";
import { withCaller } from "./input/caller.ts";
import * as check from "./input/checkInput.ts";
import { newId } from "./input/newId.ts";
import { createEntries } from "./input/plainInput.ts";
import { resolveAll } from "./lifecycle/findAll.ts";
import { assertFinishable } from "./lifecycle/finishable.ts";
import { assertRoomForNew } from "./lifecycle/moving/room.ts";
import { bodyOfNew, fieldsOfNew, listed } from "./lifecycle/newTicket.ts";
import { assertVerifyNames } from "./lifecycle/proven.ts";
import { isForced } from "./lifecycle/step.ts";
import { schemaEntries } from "./output/schemaEntries.ts";
import type { Comparison, SimilarTicket } from "./search/similar.ts";

const { project, role, reviewer, ...moreFields } = createEntries();
const input = v.object({
  title: text("one line that says what is wanted"),
  description: optionalText("the body, in markdown"),
  type: optionalText("one of the store's types: task, bug, feature, epic, chore, …"),
  priority,
  assignee: optionalText("who should do it: @agent or a person"),
  deps: optionalList("ids of tickets that must be done first"),
  parent: optionalText("id of the ticket that this is a part of"),
  blocks: optionalList("ids of tickets that wait for this one"),
  tags: optionalList("words to find it by"),
  project,
  role,
  review: v.optional(v.pipe(v.picklist(["required", "none"]), v.description("whether its work must be approved"))),
  reviewer,
  ...schemaEntries("the schema that its output has to fit: a name in schemas/, or the JSON schema itself"),
  verify: optionalText("entries of agents.yml that ayo runs before it is done: test, lint"),
  ...moreFields,
  design: optionalText("text of a Design section"),
  acceptance: optionalText("text of an Acceptance Criteria section; each line becomes a box to tick"),
  template: optionalText("name of the template that fills an empty body"),
  status: optionalText("a column other than the first"),
  unique: flag("refuse when there is a similar unfinished ticket"),
  force: flag("also into a project that is archived, or a column that is full; for people"),
  once: optionalText("a key of your own: the same key returns the same ticket"),
  as: writeOptions.as,
  dryRun: writeOptions.dryRun,
  claim: writeOptions.claim,
});

/** The same, for verbs that make a ticket another way. */
export const inputOfNew = input;

/** What it reads. */
export type NewTicket = v.InferOutput<typeof input>;
type Input = NewTicket;

/** What `create` takes. */
export type CreateInput = v.InferInput<typeof input>;

/** What `create` answers; `created` is false when `once` found an earlier ticket. */
export interface Created extends Written {
  readonly ticket: TicketJson;
  readonly tickets: readonly TicketJson[];
  readonly created: boolean;
  /** Up to three tickets that may be about the same, the likest first. */
  readonly similar: readonly SimilarTicket[];
  /** How many tickets were not compared, since they are not indexed yet. */
  readonly notCompared?: number;
}

/** `ayo ticket create [title]`. */
export const create = action({
  name: "create",
  summary: "Make a ticket and print its id",
  writes: true,
  input,
  run: (store, input) => createTicket(store, input),
});

/** How a ticket is made. */
export interface Making {
  /** It is handed on, whoever does that. */
  readonly isDelegated?: true;
  /** Its id, when it was made, and what is in it besides: of what a pipeline makes, the same on every machine. */
  readonly given?: { readonly id: string; readonly created: string; readonly fields: Partial<Fields> };
}

/** Makes a ticket. @throws what `create` throws */
export async function createTicket(
  store: Store,
  given: Input,
  { isDelegated, given: own }: Making = {},
): Promise<Created> {
  const input = withCaller(store, given);
  let comparison: Comparison | undefined;
  const outcome = await change<Made>(store, input, async (draft) => {
    const { once } = input;
    const earlier = earlierOf(draft, once);
    if (earlier !== undefined) return { result: { id: earlier.id, created: false } };
    const title = check.checkTitle(input.title);
    if (own === undefined) comparison = await compared(store, draft, title, input);
    const id = own?.id ?? (await newId(store, draft));
    await assertVerifyNames(store, listed("verify", input.verify).verify);
    const fields = { ...(await fieldsOfNew(store, draft, { ...input, isDelegated }, id)), ...givenFields(own) };
    const body = bodyOfNew(store, draft, input, title);
    draft.put(`${id}.md`, formatTicket({ fields, title, body }));
    const status = await passAsNew(store, draft, planned({ id, title, fields }), input);
    await blockOthers(store, draft, input, id);
    // Who waits for nothing, or is waited for by nobody, closes no circle.
    if (fields.deps?.length && (fields.parent ?? input.blocks) !== undefined) await assertFinishable(draft);
    const verb = isDelegated || fields.delegatedBy !== undefined ? "delegate" : "create";
    const subject = `${verb} ${id}: ${title}`;
    const mustCommit = draft.claims.size > 0 ? { mustCommit: true as const } : {};
    return {
      result: { id, created: true, title, fields: { ...fields, status } },
      sentence: { subject, event: "created", tickets: [id], ...mustCommit },
    };
  });
  const after = await outcome.after();
  const { id, created } = outcome.result;
  const ticket = after.byId.get(id) ?? planned(outcome.result);
  const { similar = [], notCompared = 0 } = created ? (comparison ?? {}) : {};
  if (created && outcome.written.dryRun !== true) comparison?.remember(ticket);
  const strangers = created && input.assignee?.includes("@") ? await strangersIn(store, input.assignee) : [];
  return {
    ...outcome.written,
    notices: [...outcome.written.notices, ...strangers],
    ...madeOne(ticketJson(after, ticket)),
    created,
    similar,
    ...(notCompared === 0 ? {} : { notCompared }),
  };
}

/** The ticket that was made with the same key. */
function earlierOf({ view }: Draft, once: string | undefined): Ticket | undefined {
  return once === undefined ? undefined : view.tickets.find(({ fields }) => fields.once === once);
}

function givenFields(given: Making["given"]): Partial<Fields> {
  return given === undefined ? {} : { created: given.created, ...given.fields };
}

/** What there is already that may be about the same. @throws duplicate */
async function compared(store: Store, { view }: Draft, title: string, input: Input): Promise<Comparison> {
  const { findSimilarTickets, refuseDuplicate } = await import("./search/similar.ts");
  const found = findSimilarTickets(store, view, title, similarText(input));
  refuseDuplicate(store, view, input, found.similar);
  return found;
}

/**
 * An agent's ticket reaches another column than the first as any other ticket would: through the gate, claimed where it
 * is work, under review where that is required. A person may write down what was done before there was a ticket, but for what
 * the column itself asks for.
 */
async function passAsNew(store: Store, draft: Draft, ticket: Ticket, input: Input): Promise<string> {
  const { board } = draft.view;
  const wanted = check.checkColumn(board, input.status ?? board.initial);
  if (!draft.actor.agent || wanted.id === ticket.status) {
    const asks = wanted.enter !== undefined && wanted.id !== board.initial;
    const isInsisted = (asks || wanted.refuse !== undefined) && isForced(draft, { ids: [], ...input });
    if (asks && !isInsisted) assertAskedOf(draft, ticket, wanted);
    if (wanted.refuse !== undefined) assertRoomForNew(draft, ticket, wanted, isInsisted);
    return ticket.status;
  }
  const { moving } = await import("./lifecycle/moving/moving.ts");
  try {
    const { to, fields } = moving(store, draft, ticket, wanted, { claim: input.claim });
    await draft.patch(ticket, fields);
    return to.id;
  } catch (error) {
    throw error instanceof AyoError ? refusedAsNew(error, ticket, wanted.id) : error;
  }
}

/** What a column asks for of all that comes in, it asks of what a person makes right there. */
function assertAskedOf(draft: Draft, ticket: Ticket, to: Column): void {
  const { view, actor, outputTrouble, unproven } = draft;
  const { board, lookup } = view;
  try {
    assertAsNew(ticket, to, {
      board,
      lookup,
      openChildren: [],
      by: actor,
      criteria: () => parseCriteria(draft.read(ticket)),
      output: outputTrouble && (() => outputTrouble(ticket)),
      ...(unproven === undefined ? {} : { unproven: () => unproven(ticket) }),
    });
  } catch (error) {
    throw error instanceof AyoError ? refusedAsNew(error, ticket, to.id) : error;
  }
}

/** What the gate advises is about a ticket that is not there, since it was not made. */
function refusedAsNew(error: AyoError, { id, title }: Ticket, column: string): AyoError {
  const { code, message, data = {}, try: line } = error;
  const isAbout = line === undefined || line.includes(id);
  return new AyoError(code, `nothing was made; as ${column}, ${message.replaceAll(id, "it")}`, {
    data,
    cause: error,
    try: isAbout ? ["ayo", "ticket", "create", title] : line,
  });
}

/** Agents that agents.yml does not know; it is read only where somebody names one. */
async function strangersIn(store: Store, assignee: string): Promise<string[]> {
  const { unknownAgents } = await import("./delegation/strangers.ts");
  return unknownAgents(store, assignee);
}

interface Made {
  readonly id: string;
  readonly created: boolean;
  readonly title?: string;
  readonly fields?: Fields;
}

/** What the ticket says in the user's own words: a template's are in many. */
function similarText({ description, design, acceptance }: Input): string {
  return [description, design, acceptance].filter((part) => part !== undefined).join("\n");
}

/** What a dry run would have made. */
function planned({ id, title = "", fields = {} }: Pick<Made, "id" | "title" | "fields">): Ticket {
  const criteria = { done: 0, total: 0 };
  return { id, path: `${id}.md`, version: "", title, status: fields.status ?? "", fields, extra: {}, criteria };
}

async function blockOthers(store: Store, draft: Draft, input: Input, id: string): Promise<void> {
  for (const other of await resolveAll(store, draft, input.blocks)) {
    await addDependency(
      draft,
      await draft.find(other),
      id,
      input.deps === undefined ? [] : await resolveAll(store, draft, input.deps),
    );
  }
}

function madeOne(ticket: TicketJson): Pick<Created, "ticket" | "tickets"> {
  return { ticket, tickets: [ticket] };
}
