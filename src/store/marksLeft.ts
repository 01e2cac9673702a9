import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { writeDurable } from "../git/durable.ts";
import type { PassedByHand } from "./handRights.ts";
import type { Journal } from "./store.ts";

/** What is to be marked once the hand edits that it is about are committed. */
export type Marks = Pick<PassedByHand, "tickets" | "config">;

/** Keeps what is to be marked before the commit that it is about: whoever comes after a crash marks it. */
export function keepMarks({ stateDir }: Journal, { tickets, config }: Marks): void {
  writeDurable(fileOf(stateDir), Buffer.from(JSON.stringify({ tickets, config })), {
    tmpDir: path.join(stateDir, "tmp"),
  });
}

/** What is to be marked still; undefined where nothing is, or nobody can read it. */
export function keptMarks({ stateDir }: Journal): Marks | undefined {
  try {
    const { tickets, config } = JSON.parse(readFileSync(fileOf(stateDir), "utf8")) as Marks;
    return Array.isArray(tickets) && typeof config === "object" ? { tickets, config } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether something is to be marked still. */
export function areMarksLeft({ stateDir }: Journal): boolean {
  return existsSync(fileOf(stateDir));
}

/** Forgets what was marked. */
export function dropMarks({ stateDir }: Journal): void {
  rmSync(fileOf(stateDir), { force: true });
}

function fileOf(stateDir: string): string {
  return path.join(stateDir, "unconfirmed.json");
}
