import { expect, test } from "vitest";
import { lineKey } from "../../src/trackers/github/texts.ts";
import type { LocalTicket } from "../../src/trackers/sync/localSide.ts";
import { sameText } from "../../src/trackers/sync/texts.ts";
import { randomOf } from "../helpers/syncing/chaos.ts";
import { COLUMNS } from "./adapter/mapping.ts";
import type { IssueNode } from "./adapter/nodes.ts";
import { expectRest, type Scene, scene } from "./scene.ts";
import { note, Side } from "./side.ts";
import { plain, said } from "./there.ts";

type Roll = (below: number) => number;
const pick = <T>(all: readonly T[], roll: Roll): T | undefined => all[roll(all.length)];
const STATUSES = ["open", "in_progress", "closed", "cancelled", "open"];

function editHere(side: Side, roll: Roll, n: number): void {
  const ids = [...side.tickets.keys()];
  const id = pick(ids, roll);
  if (id === undefined || roll(5) === 0) {
    side.add(`mya-x${n}`, { fields: { title: `here ${n}`, priority: roll(5) } });
    return;
  }
  const other = pick(ids, roll) ?? id;
  const doings = [
    () => side.set(id, { title: `here ${n}` }),
    () => side.set(id, { status: pick(STATUSES, roll) ?? "open" }),
    () => side.set(id, { priority: roll(5) }),
    () => side.set(id, { description: `${side.tickets.get(id)?.fields.description}\nhere ${n} @claude` }),
    () => side.set(id, { parent: isAbove(side, id, other) ? null : other }),
    () =>
      side.edit(id, ({ deps }) => ({ deps: deps.includes(other) || waits(side, other, id) ? [] : [...deps, other] })),
    () => side.edit(id, ({ notes }) => ({ notes: [...notes, note(`here ${n}`)] })),
    () =>
      side.edit(id, ({ notes }) => ({
        notes: notes.map((old) => (old.by === "Jo" ? { ...old, text: `${old.text} ${n}` } : old)),
      })),
  ];
  pick(doings, roll)?.();
}

function isAbove(side: Side, id: string, from: string): boolean {
  for (let at: unknown = from, n = 0; typeof at === "string" && n < 100; n++) {
    if (at === id) return true;
    at = side.tickets.get(at)?.fields.parent;
  }
  return false;
}

function waits(side: Side, id: string, target: string): boolean {
  const seen = new Set([id]);
  for (const at of seen) for (const dep of side.tickets.get(at)?.deps ?? []) seen.add(dep);
  return seen.has(target);
}

async function editThere({ there }: Scene, roll: Roll, n: number): Promise<void> {
  const all = await there.issues();
  const issue = pick(all, roll);
  if (issue === undefined || roll(5) === 0) {
    await there.create(`there ${n}`, { description: `there ${n}`, priority_id: 1 + roll(5) });
    return;
  }
  const other = pick(all, roll) ?? issue;
  const { id } = issue;
  const doings = [
    () => there.update(id, { subject: `there ${n}` }),
    () => there.update(id, { status_id: 1 + roll(6) }),
    () => there.update(id, { priority_id: 1 + roll(5) }),
    () => there.update(id, { description: `there ${n}\n${issue.description ?? ""}` }),
    () => there.update(id, { parent_issue_id: roll(2) === 0 ? "" : other.id }),
    () => there.note(id, `there ${n}`),
    () => there.relate(other.id, id),
    async () => {
      const relation = pick(issue.relations ?? [], roll);
      if (relation !== undefined) await there.unrelate(relation.id);
    },
    async () => {
      const journal = pick(said(await there.issue(id)), roll);
      if (journal !== undefined) await there.editNote(journal.id, `there ${n}\n${journal.notes}`);
    },
  ];
  // What Redmine lets nobody do nobody does.
  await pick(doings, roll)?.().catch((error: Error) => {
    if (!/: 4\d\d /.test(error.message)) throw error;
  });
}

/** People, lost answers and crashes, all at random; then both sides have to be the same, and stay so. */
async function soak(seed: number, rounds: number): Promise<void> {
  const roll = randomOf(seed);
  const [one, side] = [await scene(), new Side()];
  const { line, sync } = one;
  let [edits, faults] = [0, 0];
  const edit = async (): Promise<void> => {
    edits++;
    if (roll(2) === 0) editHere(side, roll, edits);
    else await editThere(one, roll, edits);
  };
  for (let round = 0; round < rounds; round++) {
    for (let n = roll(5); n >= 0; n--) await edit();
    line.onRequest = async () => {
      if (roll(25) === 0) await edit();
      if (roll(14) !== 0) return undefined;
      faults++;
      return pick(["dropBefore", "dropAfter"] as const, roll);
    };
    side.onChange = () => {
      if (roll(12) === 0) throw new Error("crash");
    };
    await sync(side, { whole: roll(6) === 0 }).catch((error: Error & { fault?: string }) => {
      if (error.fault === undefined && error.message !== "crash") throw error;
    });
  }
  expect(edits).toBeGreaterThan(rounds);
  expect(faults).toBeGreaterThan(0);
  line.onRequest = () => undefined;
  side.onChange = () => undefined;
  for (let n = 0; n < 4; n++) await sync(side, { whole: true });
  await assertSame(one, side);
  await expectRest(one, side);
}

async function assertSame({ there }: Scene, side: Side): Promise<void> {
  const issues = await there.issues();
  const idOf = new Map([...side.pairs].map(([id, { key }]) => [Number(key), id] as const));
  expect([...idOf.keys()].sort((a, b) => a - b)).toEqual(issues.map(({ id }) => id));
  expect(side.tickets.size).toBe(issues.length);
  for (const { id } of issues) {
    const ticket = side.tickets.get(idOf.get(id) ?? "") as LocalTicket;
    assertAlike(ticket, await there.issue(id), side, idOf);
  }
}

/** What was refused was told, and stays apart. */
function assertAlike(ticket: LocalTicket, issue: IssueNode, side: Side, idOf: ReadonlyMap<number, string>): void {
  const { refused = {}, apart = {}, awaits } = side.pairs.get(ticket.id) ?? {};
  const { title, description, status, priority, parent } = ticket.fields;
  const isHere = (part: string): boolean => refused[part] === undefined;
  expect([ticket.id, title]).toEqual([ticket.id, issue.subject]);
  expect([ticket.id, sameText(String(description), plain(issue.description), lineKey)]).toEqual([ticket.id, true]);
  if (isHere("status")) expect([ticket.id, COLUMNS[String(status)]]).toEqual([ticket.id, issue.status.name]);
  if (isHere("priority")) expect([ticket.id, priority]).toEqual([ticket.id, 5 - issue.priority.id]);
  if (isHere("parent") && awaits === undefined)
    expect([ticket.id, parent]).toEqual([ticket.id, idOf.get(issue.parent?.id ?? 0) ?? null]);
  const sent = ticket.deps.filter((dep) => isHere(`dep ${dep}`)).sort();
  const blocked = (issue.relations ?? []).filter(({ issue_to_id }) => issue_to_id === issue.id);
  const blockers = blocked.map(({ issue_id }) => idOf.get(issue_id) ?? "").filter((id) => apart[id] === undefined);
  expect([ticket.id, sent]).toEqual([ticket.id, blockers.sort()]);
  const notes = ticket.notes.filter(({ isPublic }) => isPublic).map(({ text }) => text);
  expect(notes.sort()).toEqual(
    said(issue)
      .map((journal) => plain(journal.notes))
      .sort(),
  );
}

const SEEDS = process.env.AYO_SEEDS?.split(",").map(Number) ?? [1, 2];

test.each(SEEDS)(
  "edits of both sides, lost answers and crashes, at random (seed %i): both come to the same",
  { timeout: 1_200_000 },
  async (seed) => {
    await soak(seed, 12);
  },
);
