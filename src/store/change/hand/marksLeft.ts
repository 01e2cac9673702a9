import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { walkCommits } from "../../../git/commits/history.ts";
import { writeDurable } from "../../../git/disk/durable.ts";
import { unconfirmedIn } from "../../events/commitEvents.ts";
import { CONFIG_FILE } from "../../open/config/values.ts";
import type { Journal } from "../../open/store.ts";
import type { PassedByHand, PassedTicket } from "./handRights.ts";

/** What is to be marked once the hand edits that it is about are committed. */
export type Marks = Pick<PassedByHand, "tickets" | "config">;

/** Between a commit and its mark others came by with git, at most so many times. */
const MAX_COMMITS = 50;

/**
 * Keeps what is to be marked before the commit that it is about: whoever comes after a crash marks it, with what is left
 * of a crash before.
 */
export function keepMarks(journal: Journal, { tickets, config }: Marks): void {
  const left = keptMarks(journal);
  const all = { tickets: [...(left?.tickets ?? []), ...tickets], config: { ...config, ...left?.config } };
  writeDurable(fileOf(journal.stateDir), Buffer.from(JSON.stringify(all)), {
    tmpDir: path.join(journal.stateDir, "tmp"),
  });
}

/** What is to be marked still; undefined where nothing is, or nobody can read it. */
export function keptMarks({ stateDir }: Journal): Marks | undefined {
  try {
    const { tickets, config } = JSON.parse(readFileSync(fileOf(stateDir), "utf8")) as Marks;
    const isWhole = Array.isArray(tickets) && tickets.every(isPassed) && isRecord(config);
    return isWhole ? { tickets, config } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * What of the marks a commit tells of: an edit that was never committed, because somebody died or was faster, and is
 * gone by now, passed nothing.
 */
export async function committedMarks(journal: Journal, head: string | undefined, marks: Marks): Promise<Marks> {
  const told = new Map<string, Set<string>>();
  const limit = { limit: MAX_COMMITS };
  for await (const { message } of head === undefined ? [] : walkCommits(journal.repository, head, limit)) {
    for (const [id, keys] of unconfirmedIn(message).unconfirmed ?? []) {
      told.set(id, new Set([...(told.get(id) ?? []), ...keys]));
    }
  }
  const isTold = (id: string, key: string): boolean => told.get(id)?.has(key) === true;
  const tickets = marks.tickets.map((one) => ({ ...one, keys: one.keys.filter((key) => isTold(one.id, key)) }));
  const config = Object.entries(marks.config).filter(([key]) => isTold(CONFIG_FILE, key));
  return { tickets, config: Object.fromEntries(config) };
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

function isPassed(value: unknown): value is PassedTicket {
  if (!isRecord(value)) return false;
  const isTexts = (list: unknown): boolean => Array.isArray(list) && list.every((one) => typeof one === "string");
  return typeof value.id === "string" && isTexts(value.keys) && isTexts(value.authors);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
