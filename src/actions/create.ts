import * as v from "valibot";
import { AyoError } from "../error.ts";
import type { Draft } from "../store/change/draft.ts";
import { findTicket } from "../store/disk/findTicket.ts";
import type { Store } from "../store/open/store.ts";
import { readTemplate, type Template } from "../store/open/template.ts";
import { asBoxes } from "../ticket/text/addCriteria.ts";
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
import { newCreated } from "./input/newCreated.ts";
import { newId } from "./input/newId.ts";
import { createEntries, plainFields } from "./input/plainInput.ts";
import { assertMayLift } from "./lifecycle/claims/rules.ts";
import { assertFinishable } from "./lifecycle/finishable.ts";
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
  ...moreFields,
  design: optionalText("text of a Design section"),
  acceptance: optionalText("text of an Acceptance Criteria section; each line becomes a box to tick"),
  template: optionalText("name of the template that fills an empty body"),
  status: optionalText("a column other than the first"),
  unique: flag("refuse when there is a similar unfinished ticket"),
  once: optionalText("a key of your own: the same key returns the same ticket"),
  as: writeOptions.as,
  dryRun: writeOptions.dryRun,
  claim: writeOptions.claim,
});

type Input = v.InferOutput<typeof input>;

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
  run: createTicket,
});

async function createTicket(store: Store, given: Input): Promise<Created> {
  const input = withCaller(store, given);
  let comparison: Comparison | undefined;
  const outcome = await change<Made>(store, input, async (draft) => {
    const { once } = input;
    const earlier = once === undefined ? undefined : draft.view.tickets.find(({ fields }) => fields.once === once);
    if (earlier !== undefined) return { result: { id: earlier.id, created: false } };
    const title = check.checkTitle(input.title);
    const { findSimilarTickets, refuseDuplicate } = await import("./search/similar.ts");
    comparison = findSimilarTickets(store, draft.view, title, similarText(input));
    refuseDuplicate(store, draft.view, input, comparison.similar);
    const id = await newId(store, draft);
    const fields = await fieldsOf(store, draft, input, id);
    const body = bodyOf(store, draft, input, title);
    draft.put(`${id}.md`, formatTicket({ fields, title, body }));
    const status = await passAsNew(store, draft, planned({ id, title, fields }), input);
    await blockOthers(store, draft, input, id);
    // Who waits for nothing, or is waited for by nobody, closes no circle.
    if (fields.deps?.length && (fields.parent ?? input.blocks) !== undefined) await assertFinishable(draft);
    const subject = `create ${id}: ${title}`;
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
  return {
    ...outcome.written,
    ...madeOne(ticketJson(after, ticket)),
    created,
    similar,
    ...(notCompared === 0 ? {} : { notCompared }),
  };
}

/**
 * An agent's ticket reaches another column than the first as any other ticket would: through the gate, claimed where it
 * is work, under review where that is required. A person may write down what was done before there was a ticket.
 */
async function passAsNew(store: Store, draft: Draft, ticket: Ticket, input: Input): Promise<string> {
  const { board } = draft.view;
  const wanted = check.checkColumn(board, input.status ?? board.initial);
  if (!draft.actor.agent || wanted.id === ticket.status) return ticket.status;
  const { moving } = await import("./lifecycle/moving.ts");
  const { to, fields } = moving(store, draft, ticket, wanted, { claim: input.claim });
  await draft.patch(ticket, fields);
  return to.id;
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

async function fieldsOf(store: Store, draft: Draft, input: Input, id: string): Promise<Fields> {
  const { board, now } = draft.view;
  const deps = await resolveAll(store, draft, input.deps);
  const parent = input.parent === undefined ? undefined : (await findTicket(store, draft.view, input.parent, false)).id;
  const wanted = check.checkColumn(board, input.status ?? board.initial);
  const column = draft.actor.agent ? check.checkColumn(board, board.initial) : wanted;
  if (input.review === "none") assertMayLift(draft);
  const word = (name: "once" | "review"): Partial<Fields> =>
    input[name] === undefined ? {} : { [name]: check.checkWord(name, input[name]) };
  return {
    id,
    status: column.id,
    deps,
    links: [],
    created: newCreated(draft.view),
    type: check.checkType(board, input.type ?? (board.types.includes("task") ? "task" : (board.types[0] as string))),
    priority: check.checkPriority(input.priority ?? 2),
    ...words("assignee", input.assignee),
    ...(parent === undefined ? {} : { parent }),
    ...words("tags", input.tags),
    ...word("review"),
    ...word("once"),
    ...plainFields(input, now),
    ...(column.category === "active" ? { started: draft.time } : {}),
    ...(["done", "cancelled", "failed"].includes(column.category) ? { closed: draft.time } : {}),
  };
}

function words(name: "assignee" | "tags", value: string | readonly string[] = []): Partial<Fields> {
  const found = check.checkWords(name, typeof value === "string" ? [value] : value);
  return found.length === 0 ? {} : { [name]: found };
}

/** The exact ids of what the user typed, each once. */
export async function resolveAll(store: Store, draft: Draft, wanted: readonly string[] = []): Promise<string[]> {
  const found = new Set<string>();
  for (const id of wanted.flatMap((one) => one.split(",")).filter((one) => one.trim() !== "")) {
    found.add((await findTicket(store, draft.view, id, false)).id);
  }
  return [...found];
}

function bodyOf(store: Store, draft: Draft, input: Input, title: string): string {
  const parts = [
    input.description === undefined ? undefined : check.checkText("description", input.description).trim(),
    input.design === undefined ? undefined : `## Design\n\n${check.checkText("design", input.design).trim()}`,
    input.acceptance === undefined
      ? undefined
      : `## Acceptance Criteria\n\n${asBoxes(check.checkText("acceptance", input.acceptance))}`,
  ].filter((part) => part !== undefined && part !== "");
  if (parts.length > 0 && input.template === undefined) return parts.join("\n\n");
  const name = input.template ?? input.type;
  const { text: template, trouble }: Template = name === undefined ? { text: undefined } : readTemplate(store, name);
  if (trouble !== undefined && input.template !== undefined) throw new AyoError("bad_input", trouble);
  if (trouble !== undefined) {
    draft.notices.push(`${trouble}; ${template === undefined ? "no template" : "the packaged one"} was used`);
  }
  if (template === undefined && input.template !== undefined) {
    throw new AyoError("bad_input", `there is no template '${input.template}'`, {
      try: ["ls", `${store.dir}/templates`],
    });
  }
  return [...parts, template?.replaceAll("{{title}}", title).trim()].filter((part) => part).join("\n\n");
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
