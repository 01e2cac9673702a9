import { AyoError } from "../../error.ts";
import type { Draft } from "../../store/change/draft.ts";
import { findTicket } from "../../store/disk/findTicket.ts";
import { isFinished, readStore } from "../../store/disk/view.ts";
import type { Store } from "../../store/open/store.ts";
import type { Checked } from "../../store/outputs/checker.ts";
import { checkOutput } from "../../store/outputs/checkOutput.ts";
import { blobOf, outputPath, outputText } from "../../store/outputs/outputFile.ts";
import { faultText, readSchema, type StoreSchema } from "../../store/outputs/schemaFile.ts";
import { otherSchemas } from "../../store/runs/keptSchema.ts";
import type { JsonFault } from "../../ticket/output/readJson.ts";
import { isAuthor } from "../../ticket/rules/authors.ts";
import { categoryOf } from "../../ticket/rules/columns.ts";
import type { FieldChanges } from "../../ticket/text/patchTicket.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { assertNotHeldByAnother } from "../lifecycle/claims/holder.ts";
import type { MoveInput } from "../lifecycle/step.ts";

/** So many errors are in a message; its data has more. */
const IN_MESSAGE = 5;

/**
 * Judges an output before the store is locked, for whoever waits for that lock: what is found is not looked for again.
 * @throws output_invalid; bad_input for several tickets
 */
export async function judgeOutput(
  store: Store,
  { ids, output: value }: MoveInput,
  verb: string | undefined,
): Promise<void> {
  const [id = "", ...others] = ids;
  if (others.length > 0) {
    throw new AyoError("bad_input", "an output is of one ticket: hand them in one by one", {
      data: { field: "output", ids },
    });
  }
  const ticket = await findTicket(store, await readStore(store), id, false).catch((error: unknown) => {
    // The change itself says what is wrong with an id.
    if (error instanceof AyoError) return undefined;
    throw error;
  });
  if (ticket !== undefined) await fittingText(store, ticket, { value, verb });
}

/** What is handed in, and by which verb: one that refuses it says how it is handed in again. */
export interface HandedIn {
  readonly value: unknown;
  readonly claim?: string | undefined;
  readonly verb?: string | undefined;
}

/**
 * Keeps an output with its ticket, in the draft: in a file of its own, whose blob the ticket names. Returns what becomes
 * of the ticket's front matter.
 * @throws output_invalid, claimed, lost_claim, not_you, transition_refused
 */
export async function handIn(store: Store, draft: Draft, ticket: Ticket, handed: HandedIn): Promise<FieldChanges> {
  assertMayHandIn(store, draft, ticket, handed.claim);
  const text = await fittingText(store, ticket, handed, draft);
  if (draft.actor.agent) await assertFitsAsBegun(store, draft, ticket, text);
  const file = outputPath(ticket.id);
  draft.put(file, text);
  draft.outputs.add(ticket.id);
  const outputId = blobOf(text);
  return outputId === ticket.fields.outputId ? {} : { outputId };
}

/** What a person looked at, or another's work, is not replaced by an agent. */
function assertMayHandIn(store: Store, draft: Draft, ticket: Ticket, token: string | undefined): void {
  const { actor, view } = draft;
  if (!actor.agent) return;
  if (isFinished(view.board, ticket.status)) {
    throw new AyoError("transition_refused", `${ticket.id} is ${ticket.status} already: its output stays`, {
      try: ["ayo", "ticket", "show", ticket.id],
      data: { id: ticket.id, from: ticket.status },
    });
  }
  if (categoryOf(view.board, ticket.status) !== "review") {
    assertNotHeldByAnother({ store, actor, token }, draft, ticket);
  } else if (!isAuthor(ticket, actor.name)) {
    throw new AyoError("not_you", `${ticket.id} is another's work: its output is theirs`, {
      try: ["ayo", "ticket", "show", ticket.id],
      data: { id: ticket.id, by: actor.name },
    });
  }
}

async function fittingText({ dir }: Store, ticket: Ticket, { value, verb }: HandedIn, draft?: Draft): Promise<string> {
  const { id, fields } = ticket;
  const kept = outputText(value);
  if ("fault" in kept) throw outputInvalid(id, fields.outputSchema, [kept.fault], { verb });
  if (fields.outputSchema === undefined) return kept.text;
  const schema = schemaOf(dir, ticket, draft);
  const checked = await checkOutput({ schema: schema.text, output: kept.text });
  if ("unusable" in checked) throw unusable(id, schema.name, checked.unusable);
  if (!checked.fits) throw outputInvalid(id, schema.name, checked.errors, { more: checked.more, verb });
  return kept.text;
}

/** What an agent hands in also fits the schema that a run of its ticket began with. */
async function assertFitsAsBegun(store: Store, draft: Draft, ticket: Ticket, output: string): Promise<void> {
  const { id, fields } = ticket;
  if (fields.outputSchema === undefined) return;
  for (const { name, text } of otherSchemas(store, id, schemaOf(store.dir, ticket, draft))) {
    const checked = await checkOutput({ schema: text, output });
    const why = whyNotAsBegun(name, checked);
    if (why === undefined) continue;
    const errors = "unusable" in checked || checked.fits ? [] : checked.errors;
    throw new AyoError("output_invalid", `the output of ${id} is not taken: ${why}`, {
      try: ["ayo", "ticket", "block", id, "-m", `schema ${name} was changed`],
      data: { id, schema: name, errors },
    });
  }
}

/** Why an output does not count that fits its schema as it is now, by the one that its agent began with. */
export function whyNotAsBegun(name: string, checked: Checked): string | undefined {
  if ("unusable" in checked) return `schema ${name} was changed while the agent worked, and was: ${checked.unusable}`;
  if (checked.fits) return undefined;
  const [first] = checked.errors;
  const fault = first === undefined ? "" : `: ${faultText({ ...first, pointer: first.pointer || "the whole" })}`;
  return `schema ${name} was changed while the agent worked (schemas/${name}.json), and it does not fit what that was when it began${fault}`;
}

function schemaOf(dir: string, { id, fields }: Ticket, draft: Draft | undefined): StoreSchema {
  const name = fields.outputSchema ?? "";
  const schema = readSchema(dir, name, draft?.files);
  if (schema === undefined) throw unusable(id, name, "it is not there");
  if (typeof schema === "string") throw unusable(id, name, schema);
  return schema;
}

function unusable(id: string, schema: string, why: string): AyoError {
  const fact = `schema ${schema} of ${id} cannot be used: ${why}; mend schemas/${schema}.json, or name another`;
  return new AyoError("output_invalid", fact, {
    try: ["ayo", "doctor"],
    data: { id, schema, errors: [], unusable: why },
  });
}

/** The error for an output that does not fit: what, and where. */
export function outputInvalid(
  id: string,
  schema: string | undefined,
  errors: readonly JsonFault[],
  { more = 0, verb }: { readonly more?: number; readonly verb?: string | undefined } = {},
): AyoError {
  const shown = errors.slice(0, IN_MESSAGE).map((one) => faultText({ ...one, pointer: one.pointer || "the whole" }));
  const left = errors.length - shown.length + more;
  const what = `${shown.join("; ")}${left > 0 ? `; and ${left} more` : ""}`;
  const held = schema === undefined ? "" : ` does not fit schema ${schema}`;
  const todo =
    schema === undefined ? "" : `; mend it and hand it in again (schemas/${schema}.json says what it has to be)`;
  return new AyoError("output_invalid", `the output of ${id}${held}: ${what}${todo}`, {
    try: ["ayo", "ticket", verb === "close" ? "close" : "submit", id, "--output", "-"],
    data: { id, schema: schema ?? null, errors, ...(more > 0 ? { more } : {}) },
  });
}
