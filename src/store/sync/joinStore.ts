import { existsSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../error.ts";
import { readHead, readRef } from "../../git/refs/refs.ts";
import { ROOT_COMMIT, STORE_BRANCH } from "../../git/repository/initRepository.ts";
import { openTransport, Unreachable } from "../../git/transport/transport.ts";
import { formatTime } from "../../ticket/time.ts";
import { underLastConfig } from "../disk/configFile.ts";
import { gitEnv } from "../disk/refresh.ts";
import { readStore } from "../disk/view.ts";
import { createJournal } from "../open/createJournal.ts";
import { personOf } from "../open/identity/identity.ts";
import type { ShownTickets } from "../open/shownTickets.ts";
import type { Store } from "../open/store.ts";
import { transportDir, writeContact } from "./contact.ts";
import { addressOf, findRemote } from "./findRemote.ts";
import { takeIn } from "./takeIn.ts";

/** Whether a directory can become the store that others have: nothing is in it. */
export function isVacant(store: Store): boolean {
  if (store.journal !== undefined) return isBare(store);
  return !existsSync(store.dir) || readdirSync(store.dir).every((name) => name === ".git");
}

/** A store that was made, of which nothing was kept: a join that was interrupted. */
function isBare({ dir, journal }: Store): boolean {
  if (journal?.mode !== "own" || readHead(journal.repository).oid !== ROOT_COMMIT) return false;
  return readdirSync(dir).every((name) => name === ".git");
}

/**
 * Makes the store of tickets that the clone of the project has already; nothing is asked of the network.
 * @throws git_unsupported, what taking them in throws
 */
export async function joinShown(store: Store, shown: ShownTickets): Promise<{ readonly tickets: number }> {
  try {
    return await join(store, shown);
  } catch (error) {
    // What found nothing leaves no store that looks as if there were no tickets.
    leaveNothing(store);
    throw error;
  }
}

async function join(store: Store, shown: ShownTickets): Promise<{ readonly tickets: number }> {
  const { project, remote, ref } = shown;
  if (existsSync(path.join(project.commonDir, "shallow")))
    throw new AyoError("no_store", `${remote} has tickets, and this clone was cut short: 'ayo sync' brings them`, {
      try: ["ayo", "sync", "--remote", remote],
    });
  const oid = readRef(project, ref);
  store.journal ??= await createJournal(store, { joins: true });
  const { journal } = store;
  const options = { dir: transportDir(store), env: gitEnv(store), settings: [], mayAsk: false, head: ROOT_COMMIT };
  try {
    await openTransport({ ...options, repository: journal.repository, url: project.commonDir }).fetch(ref);
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    throw new AyoError("unreachable", `the tickets of ${remote} cannot be read in this clone: ${error.message}`, {
      try: ["ayo", "sync", "--remote", remote],
      cause: error,
    });
  }
  if (oid !== undefined) await takeIn(store, journal, oid);
  const { tickets, config } = await underLastConfig(store, () => readStore(store));
  const at = formatTime(store.host.now());
  const known = { ref: STORE_BRANCH, ...(oid === undefined ? {} : { seen: oid }) };
  const address = addressOf(findRemote(store, remote));
  writeContact(store, { store: store.dir, id: config.id, ...address, by: personOf(store).name, at, ...known });
  return { tickets: tickets.length };
}

/** Takes away what a join made that found nothing: a directory of ours alone. */
export function leaveNothing(store: Store): void {
  if (!isBare(store)) return;
  rmSync(store.dir, { recursive: true, force: true });
  store.journal = undefined;
}
