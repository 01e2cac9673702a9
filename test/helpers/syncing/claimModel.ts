import { existsSync } from "node:fs";
import path from "node:path";
import { isConfirmed, type OwnClaim, ownClaims } from "../../../src/store/open/ownClaims.ts";
import { git } from "../git.ts";
import type { CliResult } from "../runCli.ts";
import { tipOf } from "../team.ts";
import { type TempStore, testHost } from "../tempStore.ts";
import { claimAt } from "./claimTeam.ts";

/** A claim that a command said to be confirmed. */
interface Ack {
  readonly id: string;
  readonly actor: string;
  readonly token: string;
  /** What the clone's commands said since, and the commit of its store then. */
  readonly heard: string[];
  readonly commit: string;
}

/** A clone, its agent, and what is believed there. */
export interface Believer {
  readonly name: string;
  readonly store: TempStore;
  readonly actor: string;
  /** By how much its clock is wrong. */
  readonly shift: number;
  readonly acks: Map<string, Ack>;
}

/** What must hold of claims, whatever happens. */
export interface Model {
  readonly hub: string;
  readonly believers: readonly Believer[];
  readonly ids: readonly string[];
  /** Tickets whose refs a person has changed at the hub: who was sure before cannot be told until the next quiet. */
  readonly touched: Set<string>;
  readonly faults: string[];
}

const KNOWN_CODES: readonly (number | null)[] = [0, 1, 2];

/** What a ticket of a clone says. */
export function fieldOf({ store }: Believer, id: string, key: string): string | undefined {
  const file = path.join(store.tickets, `${id}.md`);
  const text = existsSync(file) ? store.text(id) : "";
  const front = text.split("\n---\n")[0] ?? "";
  return new RegExp(`^${key}: '?(.*?)'?$`, "m").exec(front)?.[1];
}

/** The claims of a clone that are written down there. */
export function ownOf({ store }: Believer): OwnClaim[] {
  return ownClaims({ dir: store.tickets, host: testHost(store.dir) });
}

/** Takes note of what a command answered; a sync beside it may have ended a short claim, or heard that it was taken. */
export function hear(model: Model, who: Believer, words: readonly string[], result: CliResult, isAlone = true): void {
  const { code, stdout, stderr } = result;
  const said = `${words.join(" ")}\n${stdout}${stderr}`;
  if (!KNOWN_CODES.includes(code) || /damaged|internal|\bat .*\.ts:\d/.test(stderr))
    model.faults.push(`${who.name}: exit ${code}: ${said}`);
  for (const ack of who.acks.values()) ack.heard.push(said);
  // People may take a ticket away from whoever works on it or reviews it, who learns of it at the next contact.
  if (code === 0 && words[0] === "ticket" && !words.includes("--as")) model.touched.add(words[2] as string);
  if (code !== 0 || !stdout.startsWith("{")) return;
  const { confirmed = [] } = JSON.parse(stdout) as { confirmed?: string[] };
  for (const id of confirmed) {
    const own = ownOf(who).find((claim) => claim.id === id && claim.state === "sure");
    if (own !== undefined)
      who.acks.set(id, { id, actor: own.actor, token: own.token, heard: [], commit: tipOf(who.store) });
    else if (isAlone) model.faults.push(`${who.name}: ${id} is said to be confirmed and nothing is written down`);
  }
}

/** What must be true at any moment. */
export function judgeNow({ hub, believers, ids, touched, faults }: Model): void {
  const all = believers.map((who) => ({ who, own: ownOf(who).filter(isConfirmed) }));
  for (const id of ids) {
    const sure = all.flatMap(({ who, own }) => own.filter((one) => one.id === id).map((one) => [who.name, one]));
    if (sure.length > 1 && !touched.has(id))
      faults.push(`two are sure of ${id}: ${JSON.stringify(sure)}\n${historyAt(hub, id)}`);
  }
}

/** What the ref of a ticket's claim has been, the newest first. */
function historyAt(hub: string, id: string): string {
  return git(hub, "log", "--format=%h %at %B", `refs/ayo/claims/${id}`).replaceAll(/\n+(Ticket|Host|Nonce): .*/g, "");
}

/** What must be true where a clone has just been in contact, and nobody beside it. */
export function judgeContact(model: Model, who: Believer): void {
  for (const id of model.ids) {
    const text = claimAt(model.hub, id);
    const there = /^Ended:/m.test(text) ? undefined : /^Token: (.*)$/m.exec(text)?.[1];
    const here = fieldOf(who, id, "claim");
    const isOwn = fieldOf(who, id, "claimed-by") === who.actor && fieldOf(who, id, "lease") !== undefined;
    if (isOwn && there !== undefined && there !== here)
      model.faults.push(`${who.name} believes falsely to have ${id} (${here}):\n${text}\n${who.store.text(id)}`);
    const own = ownOf(who).find((one) => one.id === id && one.state === "sure");
    if (own !== undefined && own.token !== there)
      model.faults.push(`${who.name} is falsely sure of ${id}: ${JSON.stringify(own)}\n${text}`);
    judgeAck(model, who, id);
  }
}

/** A claim that was said to be confirmed and is no more: somebody must have been told why. */
function judgeAck(model: Model, who: Believer, id: string): void {
  const ack = who.acks.get(id);
  if (ack === undefined || fieldOf(who, id, "claim") === ack.token) return;
  who.acks.delete(id);
  const isHeard = ack.heard.some((said) => said.includes(id) && !/not confirmed|was not renewed/.test(said));
  const told = git(who.store.tickets, "log", "--format=%B", "--no-merges", `${ack.commit}..HEAD`);
  const isNoted = existsSync(path.join(who.store.tickets, `${id}.md`)) && /claim of|lease of/.test(who.store.text(id));
  if (!isHeard && !isNoted && !told.includes(id))
    model.faults.push(`${who.name}: nobody was told that ${ack.actor} has lost ${id} (${ack.token})`);
}

/** What must be true once all is quiet, and no lease runs. */
export function judgeQuiet({ hub, believers, ids, touched, faults }: Model): void {
  const [first] = believers as [Believer];
  for (const who of believers) {
    if (tipOf(who.store) !== tipOf(first.store)) faults.push(`${who.name} has other tickets than ${first.name}`);
    try {
      who.store.judge();
    } catch (error) {
      faults.push(`${who.name}: ${(error as Error).message}`);
    }
    for (const own of ownOf(who))
      if (fieldOf(who, own.id, "claim") !== own.token)
        faults.push(`${who.name} has a claim written down that no ticket says: ${JSON.stringify(own)}`);
  }
  for (const id of ids) judgeQuietTicket(first, hub, id, { touched, faults });
}

function judgeQuietTicket(
  first: Believer,
  hub: string,
  id: string,
  { touched, faults }: Pick<Model, "touched" | "faults">,
): void {
  const [status, by, token] = ["status", "claimed-by", "claim"].map((key) => fieldOf(first, id, key));
  if (token !== undefined && status !== "in_progress" && status !== "in_review" && status !== "blocked")
    faults.push(`${id} is ${status} and claimed by ${by}:\n${first.store.text(id)}`);
  const text = claimAt(hub, id);
  const there = /^Ended:/m.test(text) ? undefined : /^Token: (.*)$/m.exec(text)?.[1];
  // One that a person put back stands for a lease, and whoever comes then takes it.
  if (there !== undefined && there !== token && !touched.has(id))
    faults.push(`the ref of ${id} says what no ticket says:\n${text}\n${first.store.text(id)}`);
}
