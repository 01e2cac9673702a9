import { isAncestor } from "../../../git/commits/history.ts";
import { readHead } from "../../../git/refs/refs.ts";
import type { Config } from "../../open/config/config.ts";
import { readContact } from "../contact.ts";
import { refOf } from "../lookHere.ts";
import { contactError } from "../noContact.ts";
import { takeIn } from "../takeIn.ts";
import type { ClaimsThere } from "./openClaims.ts";

/** Brings what others did to the tickets, and sends nothing. @throws unreachable, what taking it in throws */
export async function bringBranch({ store, journal, remote, transport }: ClaimsThere, config: Config): Promise<void> {
  try {
    const ref = refOf(config, readContact(store));
    const there = await transport.look(ref);
    const head = readHead(journal.repository).oid;
    if (there === undefined || head === undefined || (await isAncestor(journal.repository, there, head))) return;
    await transport.fetch(ref);
    await takeIn(store, journal, there);
  } catch (error) {
    throw await contactError(remote, transport, error);
  }
}
