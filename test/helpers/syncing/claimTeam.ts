import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { git } from "../git.ts";
import { sharingTeam, type Team } from "../team.ts";
import { tempDir } from "../tempDir.ts";
import type { TempStore } from "../tempStore.ts";
import { copyClone, rename } from "./copies.ts";
import { type Hub, httpHub, pathHub, sshHub } from "./hubs.ts";

/** How clones get to the hub. */
export type Kind = "path" | "http" | "ssh";

/** Clones that share tickets, and the hub where their claims are settled. */
export interface Claimers extends Team {
  readonly line: Hub;
  readonly clones: readonly TempStore[];
  readonly ids: readonly string[];
  /** Names of the git commands that were run for others since the last call; by path alone. */
  gits(): string[];
}

type CleanUp = (end: () => void) => void;

/** Nobody waits so short that a busy machine is taken for one that is not there. */
export const PATIENT = { AYO_CLAIM_MS: "60000" };

/** Makes clones of one project that share tickets of these titles. Outside a test pass `afterAll`. */
export async function claimers(
  kind: Kind,
  { count, titles, cleanUp }: { readonly count: number; readonly titles: readonly string[]; readonly cleanUp: CleanUp },
): Promise<Claimers> {
  const made = await sharingTeam(titles, cleanUp);
  const bin = path.join(tempDir(cleanUp), "bin");
  const log = path.join(bin, "log");
  mkdirSync(bin);
  writeFileSync(log, "");
  const line = await lineBy(kind, made.hub, { bin, log, cleanUp });
  const { ann, bob, hub } = made;
  for (const store of [ann, bob]) {
    rename(store, { from: hub, to: line.url });
    for (const [key, value] of Object.entries(line.settings)) git(store.dir, "config", key, value);
  }
  const more = Array.from({ length: count - 2 }, (_, at) => `clone-${at + 2}`);
  const clones = [ann, bob, ...more.map((name) => copyClone(bob, path.join(path.dirname(hub), name)))];
  const gits = (): string[] => {
    const all = readFileSync(log, "utf8").split("\n").filter(Boolean);
    writeFileSync(log, "");
    return all;
  };
  return { ...made, line, clones, gits };
}

async function lineBy(
  kind: Kind,
  hub: string,
  { bin, log, cleanUp }: { readonly bin: string; readonly log: string; readonly cleanUp: CleanUp },
): Promise<Hub> {
  if (kind === "http") return httpHub(hub, cleanUp);
  if (kind === "ssh") return sshHub(hub, bin);
  const real = process.env.PATH;
  cleanUp(() => {
    process.env.PATH = real;
  });
  process.env.PATH = `${bin}:${real}`;
  return pathHub(hub, bin, log);
}

/** What the ref of a ticket's claim says at the hub; "" where there is none. */
export function claimAt(hub: string, id: string): string {
  return git(hub, "for-each-ref", "--format=%(contents)", `refs/ayo/claims/${id}`).trim();
}

/** Whose claim a ref at the hub is; undefined where nobody's is, or it is over. */
export function holderAt(hub: string, id: string): string | undefined {
  const text = claimAt(hub, id);
  return /^Ended:/m.test(text) ? undefined : /^Actor: (.*)$/m.exec(text)?.[1];
}

/** Keeps what a run came to where its maker can read it. */
export function tell(line: string): void {
  if (process.env.AYO_TELL !== undefined) appendFileSync(process.env.AYO_TELL, `${line}\n`);
  else process.stderr.write(`${line}\n`);
}
