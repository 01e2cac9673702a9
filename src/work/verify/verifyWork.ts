import { randomUUID } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../error.ts";
import { secretsIn } from "../../store/allow/environment.ts";
import { workProject } from "../../store/allow/ready/workProject.ts";
import { verifyEffects } from "../../store/allow/verify.ts";
import { readTicketText } from "../../store/disk/readFile.ts";
import { readStore } from "../../store/disk/view.ts";
import type { ParsedAgents } from "../../store/open/agents/parseAgents.ts";
import { assertSound } from "../../store/open/agents/problemOf.ts";
import { allowLine, whyNotAllowed } from "../../store/open/effect.ts";
import type { Store } from "../../store/open/store.ts";
import { writePrivate } from "../../store/open/writePrivate.ts";
import { sweep } from "../../store/runs/stopProgram.ts";
import { markOfCriteria, type ProofRecord } from "../../store/verify/proofRecord.ts";
import { judgeOf } from "../../store/verify/proofs.ts";
import { copyFiles } from "../worktrees/copyFiles.ts";
import { withWorktreeLock } from "../worktrees/note.ts";
import { checkoutFolder, closeCheckout, openCheckout } from "./checkout.ts";
import { assertCommitted } from "./committed.ts";
import { type Named, type One, prove, setUp } from "./prove.ts";

/** What is to be verified, and for whom. */
export interface Verifying {
  readonly id: string;
  /** Who has it run: `Mara Lind`, `@coder`. */
  readonly by: { readonly name: string; readonly agent: boolean };
  /** The name that its processes carry; a new one unless told. */
  readonly run?: string;
  readonly signal: AbortSignal;
  /** Hears what is being done. */
  readonly tell?: (sentence: string) => void;
}

/** What was seen. */
export interface Verified {
  readonly id: string;
  readonly head: string;
  readonly branch: string | undefined;
  /** A fingerprint of the acceptance criteria. */
  readonly criteria: string;
  readonly proofs: readonly ProofRecord[];
  /** What could not be had in the checkout, as sentences. */
  readonly told: readonly string[];
}

/**
 * Runs the commands that a ticket's work has to pass, on the newest commit of it, in a checkout of ayo's own, and writes
 * down what came of it. Nothing of the store is locked meanwhile.
 * @throws verify_required where something may not be run here, bad_input where nothing is to be run, conflict for work
 * that is not committed, and where it was stopped
 */
export async function verifyWork(
  store: Store,
  { id, by, signal, tell = () => {}, ...how }: Verifying,
): Promise<Verified> {
  const project = workProject(store);
  const view = await readStore(store);
  const ticket = view.byId.get(id);
  if (ticket === undefined) throw new AyoError("not_found", `${id} is gone`, { data: { id, near: [] } });
  const text = readTicketText(store.dir, ticket.path);
  const judge = await judgeOf(store);
  const { head, branch, entries } = judge.of(view.board, ticket, text);
  if (project === undefined || head === undefined) {
    throw new AyoError("git_unsupported", `${id} cannot be verified: there is no commit of a project`, {
      data: { id },
    });
  }
  const chosen = await allowedEntries(
    store,
    judge.parsed,
    id,
    entries.map(({ name }) => name),
  );
  await assertCommitted(store, project, { id, head, branch });
  const run = how.run ?? randomUUID();
  const criteria = markOfCriteria(text);
  const one = { store, project, ticket, head, criteria, config: judge.parsed.config, by, run, signal, tell };
  return withWorktreeLock(project, `${id}.verify`, async () => {
    const { proofs, told } = await inCheckout(one, chosen);
    return { id, head, branch, criteria, proofs, told };
  });
}

/** @throws bad_input, bad_config, verify_required */
async function allowedEntries(store: Store, parsed: ParsedAgents, id: string, names: readonly string[]) {
  assertSound(parsed);
  if (names.length === 0) {
    const message = `nothing is to be run for ${id}: neither it nor config.yml names an entry of verify: in agents.yml`;
    throw new AyoError("bad_input", message, {
      try: ["ayo", "ticket", "update", id, "--verify", "test"],
      data: { id },
    });
  }
  const effects = await verifyEffects(store, parsed);
  return names.map((name) => {
    const [entry, effect] = [parsed.config.verify.get(name), effects.find((one) => one.name === `verify.${name}`)];
    const denied = effect?.state === "denied" ? `verify.${name} was denied on this machine` : undefined;
    const why =
      effect === undefined
        ? `${name} is no entry of verify: in agents.yml`
        : whyNotAllowed(store, effect.name, effect, "run");
    if (entry !== undefined && why === undefined && denied === undefined) return { name, entry };
    const help = effect === undefined || denied !== undefined ? {} : { try: allowLine(store, effect.words[0]) };
    throw new AyoError("verify_required", `${id} cannot be verified: ${denied ?? why}`, {
      ...help,
      data: { id, name },
    });
  });
}

async function inCheckout(one: One, chosen: readonly Named[]) {
  const { store, project, ticket, head, run, tell, config } = one;
  const folder = checkoutFolder(project, ticket.id);
  const marker = path.join(folder, "run");
  // What ran when a process before this one was killed.
  await sweep(readMarker(marker));
  writePrivate(marker, run);
  try {
    const checkout = await openCheckout(project, ticket.id, head);
    const { secrets, sums, told } = await copyFiles(project, { ...checkout, isThrownAway: true }, config.copy);
    const struck = [...secretsIn(store.host.env), ...secrets];
    const failure = await setUp(one, checkout);
    const proofs: ProofRecord[] = [];
    for (const named of chosen) {
      tell(`runs ${named.name}: ${named.entry.run}`);
      proofs.push(await prove(one, named, { checkout, struck, failure, copies: sums }));
    }
    return { proofs, told: [...checkout.told, ...told] };
  } finally {
    closeCheckout(project, ticket.id);
    rmSync(marker, { force: true });
  }
}

function readMarker(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // Nobody was killed here.
    return randomUUID();
  }
}
