import type { Draft } from "../../store/change/draft.ts";
import type { Store } from "../../store/open/store.ts";
import { checkOutputNow } from "../../store/outputs/checkOutput.ts";
import { readOutputNow } from "../../store/outputs/outputFile.ts";
import type { Ticket } from "../../ticket/ticket.ts";

/** Why a ticket has no output that can be used, in words that go on with "it"; undefined where it has one. */
export function outputTrouble({ dir }: Store, draft: Draft, ticket: Ticket): string | undefined {
  if (draft.outputs.has(ticket.id)) return undefined;
  const output = readOutputNow(dir, ticket, draft.files, checkOutputNow);
  if (output === undefined) return "was not handed in";
  return output.state === "valid" ? undefined : `cannot be used (${output.why})`;
}
