import { AyoError } from "../../error.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import type { Foreign, Gathered } from "./foreign.ts";

/**
 * Numbers are given out in each project anew: another project's 12 must not write over the 12 that is here.
 * @throws bad_input where most of the tickets that are here by these ids are others
 */
export async function assertSameProject(
  { tickets, numbered }: Gathered,
  find: (id: string) => Promise<Ticket | undefined>,
): Promise<void> {
  if (numbered !== true) return;
  let [here, others] = [0, 0];
  for (const foreign of tickets) {
    const old = await find(foreign.id);
    if (old === undefined) continue;
    here++;
    if (isOther(foreign, old)) others++;
  }
  if (here < 2 || others * 2 <= here) return;
  const message = `${others} of ${here} tickets that are here by these ids have other titles: is it another project, numbered alike?`;
  throw new AyoError("bad_input", `${message} Import it into a store of its own (--dir)`);
}

function isOther({ content }: Foreign, { title, fields }: Ticket): boolean {
  if (typeof content === "string") return false;
  const isSameRef = content.fields.externalRef !== undefined && content.fields.externalRef === fields.externalRef;
  return !isSameRef && content.title.replaceAll(/\s+/g, " ").trim() !== title;
}
