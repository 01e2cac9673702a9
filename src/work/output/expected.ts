import type { View } from "../../store/disk/view.ts";
import type { Store } from "../../store/open/store.ts";
import { readOutput } from "../../store/outputs/outputFile.ts";
import { faultText, readSchema, type StoreSchema } from "../../store/outputs/schemaFile.ts";
import type { RunRecord } from "../../store/runs/record.ts";
import type { JsonFault } from "../../ticket/output/readJson.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { answerBefore } from "./keptAnswer.ts";

/** As much of an output is in a prompt, and of all outputs together. In characters. */
const MAX_ONE = 20_000;
const MAX_ALL = 100_000;

/** What a prompt says of outputs. */
export interface Outputs {
  /** What the agent's answer has to be; undefined where nothing is asked of it. */
  readonly expected?: string;
  /** What the tickets that it waited for made, and of a review what it is about. */
  readonly given: string;
}

/** The schema that a ticket's output is held to; undefined where there is none, or none that can be used. */
export function schemaOf({ dir }: Store, { fields }: Ticket): StoreSchema | undefined {
  const schema = fields.outputSchema === undefined ? undefined : readSchema(dir, fields.outputSchema);
  return typeof schema === "object" ? schema : undefined;
}

/** What the prompt of a run says of its ticket's output, and of those that its work begins with. */
export async function outputsFor(
  store: Store,
  view: View,
  { ticket, gone }: { readonly ticket: Ticket; readonly gone: readonly Ticket[] },
  record: RunRecord,
): Promise<Outputs> {
  const { isReview } = record;
  const schema = isReview ? undefined : schemaOf(store, ticket);
  const deps = (ticket.fields.deps ?? []).flatMap((id) => view.byId.get(id) ?? []);
  const given: string[] = [];
  let left = MAX_ALL;
  const parts = [...view.children(ticket.id).flatMap(({ id }) => view.byId.get(id) ?? []), ...gone];
  for (const one of isReview ? [ticket, ...deps] : [...deps, ...parts]) {
    const output = one.fields.outputId === undefined ? undefined : await readOutput(store.dir, one);
    if (output?.state !== "valid") continue;
    const isTooLong = output.text.length > Math.min(MAX_ONE, left);
    if (!isTooLong) left -= output.text.length;
    given.push(
      isTooLong
        ? `The output of ${one.id} is too long to stand here: 'ayo ticket show ${one.id} --json' has it.`
        : `The output of ${one.id}:\n\n${fenced(output.text)}`,
    );
  }
  return {
    ...(schema === undefined ? {} : { expected: expected(ticket, schema, answerBefore(store, record) !== undefined) }),
    given: given.join("\n\n"),
  };
}

/** What an agent is told whose answer did not fit. */
export function repairText(errors: readonly JsonFault[], schema: StoreSchema | undefined): string {
  const lines = errors.map((one) => `- ${faultText({ ...one, pointer: one.pointer || "the whole" })}`);
  const held = schema === undefined ? "" : `\n\nThe schema:\n\n${fenced(schema.text)}`;
  return `## Your last answer did not fit\n\n${lines.join("\n")}\n\nAnswer once more, with the whole JSON and nothing else. Change nothing but the answer.${held}`;
}

function expected({ id }: Ticket, { text }: StoreSchema, isKept: boolean): string {
  const kept = isKept
    ? "\n\nYour last answer fits, and is kept: it counts where you end well without another one. One that you give now takes its place."
    : "";
  return `## What your answer has to be

Your last message is the output of this ticket: one JSON that fits the schema below, and nothing else. Or hand it in by
yourself: \`ayo ticket submit ${id} --output FILE\`.${kept}

${fenced(text)}`;
}

/** No line of a JSON begins with a fence. */
function fenced(json: string): string {
  return `\`\`\`json\n${json.trim()}\n\`\`\``;
}
