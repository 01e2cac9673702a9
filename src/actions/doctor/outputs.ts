import path from "node:path";
import { listStoreFolder, lookAt, Unread, whyUnreadFile } from "../../store/files/storeFile.ts";
import { keptOutput } from "../../store/outputs/keptOutput.ts";
import { MAX_OUTPUT, outputPath, readOutput } from "../../store/outputs/outputFile.ts";
import { textOf } from "../../store/outputs/schemaFile.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { bringOutput } from "../output/bringOutputs.ts";
import type { Examination, TicketFinding } from "./shape.ts";

/** Holding outputs to their schemas may take so long in all; those that are left are only held to what was handed in. */
const CHECK_MS = 5_000;

/** Outputs that nobody uses, since they are not what was handed in or fit no more; and those of no ticket. */
export function outputs({ outputs: found }: Examination): readonly TicketFinding[] {
  return found;
}

/** Looks for them; what git has of them takes a while to find. */
export async function findOutputs(examination: Omit<Examination, "outputs" | "attachments">): Promise<TicketFinding[]> {
  const { store, tickets, archived } = examination;
  const withOutput = [...tickets, ...archived].filter(({ fields }) => fields.outputId !== undefined);
  const names = listStoreFolder(path.join(store.dir, "outputs"));
  if (names instanceof Unread) {
    const message = `${names.message}${names.advice}, so that no output can be read: put the folder itself here`;
    return [{ finding: { code: "output_unverified", severity: "warning", path: "outputs", message } }];
  }
  const until = performance.now() + CHECK_MS;
  const found: TicketFinding[] = [];
  for (const ticket of withOutput) found.push(...(await findingOf(examination, ticket, until)));
  const known = new Set(withOutput.map(({ id }) => outputPath(id)));
  const strays = (names ?? []).map((name) => `outputs/${name}`).filter((file) => isOutput(file) && !known.has(file));
  return [...found, ...strays.flatMap((file) => strayFinding(store.dir, file))];
}

function isOutput(file: string): boolean {
  return /^outputs\/[^.][^/]*\.json$/.test(file);
}

async function findingOf(
  { store }: Omit<Examination, "outputs" | "attachments">,
  ticket: Ticket,
  until: number,
): Promise<TicketFinding[]> {
  const { fields } = ticket;
  const file = outputPath(ticket.id);
  const isLate = performance.now() > until;
  const output = await readOutput(store.dir, isLate ? withoutSchema(ticket) : ticket);
  if (output?.state !== "unverified") return [];
  const text = textOf(store.dir, file, MAX_OUTPUT);
  const told = (why: string, fix?: string) =>
    ({
      code: "output_unverified",
      severity: "warning",
      path: ticket.path,
      id: ticket.id,
      message: `its output is used by nobody: ${why}`,
      ...(fix === undefined ? {} : { fix }),
    }) as const;
  if (text instanceof Unread) {
    const todo = text.advice === "" ? `: take it away, and 'ayo doctor --fix' puts back what was handed in` : "";
    return [{ finding: told(`${output.why}${text.advice}${todo}`) }];
  }
  if (!output.why.startsWith(file)) return [{ finding: told(output.why) }];
  if ((await keptOutput(store, fields.outputId ?? "")) === undefined) {
    const todo = `git does not have what was handed in: 'ayo ticket submit ${ticket.id} --output' hands it in again`;
    return [{ finding: told(`${output.why}, and ${todo}`) }];
  }
  const change: TicketFinding["change"] = async (draft) => {
    if (!(await bringOutput(store, draft, ticket))) draft.notices.push(`git does not have the output of ${ticket.id}`);
  };
  return [{ finding: told(output.why, `put back what was handed in, as ${file}`), change }];
}

function withoutSchema({ id, fields: { outputSchema: _, ...fields } }: Ticket): Pick<Ticket, "id" | "fields"> {
  return { id, fields };
}

function strayFinding(dir: string, file: string): TicketFinding[] {
  const stat = lookAt(path.join(dir, file));
  if (stat === undefined) return [];
  const odd = stat instanceof Unread ? stat : whyUnreadFile(stat, MAX_OUTPUT, path.join(dir, file));
  const fact = odd === undefined ? "no ticket names it" : `${odd.message}${odd.advice}, and no ticket names it`;
  const todo = odd === undefined ? "'ayo ticket submit --output' hands an output in" : "take it away";
  return [{ finding: { code: "output_stray", severity: "warning", path: file, message: `${fact}: ${todo}` } }];
}
