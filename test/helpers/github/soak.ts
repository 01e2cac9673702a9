import { expect } from "vitest";
import type { Etags, Kept } from "../../../src/trackers/github/etags.ts";
import { cutMark } from "../../../src/trackers/github/marker.ts";
import { lineKey } from "../../../src/trackers/github/texts.ts";
import type { LocalTicket } from "../../../src/trackers/sync/localSide.ts";
import { sameText } from "../../../src/trackers/sync/texts.ts";
import { expectSettled, type Scene, scene } from "./scene.ts";
import type { Mishap } from "./server.ts";
import type { Issue } from "./world.ts";

const MISHAPS: readonly Mishap[] = ["dropBefore", "dropAfter", "500before", "500after", "429", "secondary", "limit"];
const STATUSES = ["open", "in_progress", "closed", "cancelled", "failed", "in_review"];
const LABELS = ["bug", "ui", "good-first-issue", "here"];

/** Numbers that look random and are the same for the same seed. */
function dice(seed: number): (sides: number) => number {
  let state = seed >>> 0;
  return (sides) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

/** People, agents, lost answers and crashes, all at random; then both sides have to be the same, and stay so. */
export async function soak(seed: number, rounds: number): Promise<{ readonly edits: number; readonly faults: number }> {
  const roll = dice(seed);
  const one = await scene();
  const { world } = one.server;
  world.touches = roll(2) === 0;
  const answers = new Map<string, Kept>();
  const etags: Etags = { find: (url) => answers.get(url), keep: (url, kept) => answers.set(url, kept) };
  if (seed % 2 === 0) one.become({ etags });
  let edits = 0;
  let faults = 0;
  const edit = (): void => {
    edits++;
    if (roll(2) === 0) editHere(one, roll, edits);
    else editThere(one, roll, edits);
  };
  for (let round = 0; round < rounds; round++) {
    for (let n = roll(5); n >= 0; n--) edit();
    one.server.onRequest = () => {
      if (roll(25) === 0) edit();
      if (roll(12) !== 0) return undefined;
      faults++;
      return MISHAPS[roll(MISHAPS.length)];
    };
    one.side.onChange = () => {
      if (roll(12) === 0) throw new Error("crash");
    };
    await one.sync({ yes: true, whole: roll(6) === 0, overlap: 2000 }).catch((error: Error & { fault?: string }) => {
      if (error.fault === undefined && error.message !== "crash") throw error;
    });
  }
  one.server.onRequest = () => undefined;
  one.side.onChange = () => undefined;
  for (let n = 0; n < 4; n++) await one.sync({ yes: true, whole: n < 2 });
  assertSame(one);
  await expectSettled(one, 2 * world.issues.size);
  return { edits, faults };
}

type Roll = (sides: number) => number;
const pick = <T>(all: readonly T[], roll: Roll): T | undefined => all[roll(all.length)];

function editHere({ side }: Scene, roll: Roll, n: number): void {
  const ids = [...side.tickets.keys()];
  const id = pick(ids, roll);
  if (id === undefined || roll(6) === 0) {
    side.add(`mya-x${n}`, { fields: { title: `here ${n}`, status: STATUSES[roll(3)] ?? "open" } });
    return;
  }
  const other = pick(ids, roll) ?? id;
  const fields = (over: Partial<LocalTicket["fields"]>): void =>
    side.edit(id, (ticket) => ({ fields: { ...ticket.fields, ...over } }));
  const doings = [
    () => fields({ title: `here ${n}` }),
    () => fields({ status: STATUSES[roll(STATUSES.length)] ?? "open" }),
    () => fields({ description: `${side.tickets.get(id)?.fields.description}\nhere ${n} @claude` }),
    () => fields({ assignee: pick([null, "mara", "@coder", "nobody"], roll) ?? null }),
    () => fields({ parent: isAbove(side.tickets, id, other) ? null : other }),
    () => side.edit(id, () => ({ labels: LABELS.filter(() => roll(2) === 0) })),
    () =>
      side.edit(id, ({ deps }) => ({
        deps: deps.includes(other) || waits(side.tickets, other, id) ? [] : [...deps, other],
      })),
    () =>
      side.edit(id, ({ notes }) => ({
        notes: [...notes, { at: `2026-08-01T00:00:00Z`, by: "Jo", text: `here ${n}`, isPublic: true }],
      })),
    () =>
      side.edit(id, ({ notes }) => ({
        notes: notes.map((note) => (note.by === "Jo" ? { ...note, text: `${note.text} ${n}` } : note)),
      })),
  ];
  pick(doings, roll)?.();
}

/** Whether a ticket lies above another, or is it. */
function isAbove(tickets: Scene["side"]["tickets"], id: string, from: string): boolean {
  for (let at: unknown = from, n = 0; typeof at === "string" && n < 100; at = tickets.get(at)?.fields.parent, n++)
    if (at === id) return true;
  return false;
}

function waits(tickets: Scene["side"]["tickets"], id: string, target: string): boolean {
  const seen = new Set([id]);
  for (const at of seen) for (const dep of tickets.get(at)?.deps ?? []) seen.add(dep);
  return seen.has(target);
}

function editThere({ server: { world } }: Scene, roll: Roll, n: number): void {
  const issue = pick([...world.issues.values()], roll);
  if (issue === undefined || roll(6) === 0) {
    world.create({ title: `there ${n}`, body: roll(2) === 0 ? `there ${n}` : null }, "mara", roll(5) === 0);
    return;
  }
  const other = pick([...world.issues.values()], roll) ?? issue;
  const { number } = issue;
  const doings = [
    () => world.update(number, { title: `there ${n}` }),
    () =>
      world.update(number, {
        state: "closed",
        state_reason: pick(["completed", "not_planned", "duplicate"], roll) ?? null,
      }),
    () => world.update(number, { state: "open" }),
    () => world.update(number, { body: `there ${n}\n${issue.body ?? ""}` }),
    () => world.update(number, { labels: world.labels.filter(() => roll(2) === 0) }),
    () => world.update(number, { assignees: pick([[], ["mara"], ["jo", "mara"]], roll) ?? [] }),
    () => tried(() => world.place(number, other.isPull || issue.isPull ? null : other.number)),
    () =>
      tried(() =>
        issue.isPull || other.isPull || number === other.number ? issue : world.block(number, other.number),
      ),
    () => tried(() => world.unblock(number, pick([...issue.blockedBy], roll) ?? 0)),
    () => world.comment(number, `there ${n}`, "mara"),
    () => {
      const comment = pick([...world.comments.values()], roll);
      if (comment !== undefined) world.editComment(comment.id, `there ${n}\n${comment.body}`);
    },
  ];
  pick(doings, roll)?.();
}

/** What GitHub would not let people do they do not do. */
function tried(doing: () => unknown): void {
  try {
    doing();
  } catch (error) {
    if (!(error instanceof Error) || !("status" in error)) throw error;
  }
}

function assertSame({ side, server: { world } }: Scene): void {
  const issues = [...world.issues.values()].filter(({ isPull }) => !isPull);
  const numbers = [...side.pairs.values()].map(({ key }) => Number(key)).sort((a, b) => a - b);
  expect(numbers).toEqual(issues.map(({ number }) => number));
  expect(side.tickets.size).toBe(issues.length);
  const idOf = new Map([...side.pairs].map(([id, { key }]) => [Number(key), id] as const));
  for (const issue of issues) {
    const ticket = side.tickets.get(idOf.get(issue.number) ?? "") as LocalTicket;
    const { text } = cutMark(issue.body ?? "");
    expect(ticket.fields.title).toBe(issue.title);
    expect([ticket.id, sameText(String(ticket.fields.description), text, lineKey)]).toEqual([ticket.id, true]);
    const isSame = isSameStatus(String(ticket.fields.status), issue);
    expect([ticket.id, isSame]).toEqual([ticket.id, true]);
    expect(ticket.labels.filter((name) => name !== "here").sort()).toEqual(
      issue.labels.map((name) => name.replaceAll(" ", "-")).sort(),
    );
    assertPlaced(ticket, issue, side);
    const said = ticket.notes
      .filter(({ isPublic }) => isPublic)
      .map((note) => note.text)
      .sort();
    const comments = [...world.comments.values()].filter((comment) => comment.issue === issue.number);
    expect(said).toEqual(comments.map(({ body }) => cutMark(body).text).sort());
  }
}

/** What each waits for and lies under, but for what was refused or would have been a circle. */
function assertPlaced(ticket: LocalTicket, issue: Issue, { pairs }: Scene["side"]): void {
  const { refused = {}, apart = {}, awaits } = pairs.get(ticket.id) ?? {};
  const keyOf = (id: unknown): number => Number(pairs.get(String(id))?.key);
  const away = new Set(Object.keys(apart).map(keyOf));
  const sent = ticket.deps.filter((dep) => refused[`dep ${dep}`] === undefined);
  const there = [...issue.blockedBy].filter((number) => !away.has(number));
  const byNumber = (a: number, b: number): number => a - b;
  expect([ticket.id, sent.map(keyOf).sort(byNumber)]).toEqual([ticket.id, there.sort(byNumber)]);
  if (refused.parent !== undefined || awaits !== undefined) return;
  const { parent } = ticket.fields;
  expect([ticket.id, parent === null ? null : keyOf(parent)]).toEqual([ticket.id, issue.parent]);
}

function isSameStatus(status: string, { state, reason }: Issue): boolean {
  if (status === "failed") return true;
  if (state === "open") return ["open", "in_progress", "in_review"].includes(status);
  return status === (reason === "completed" ? "closed" : "cancelled");
}
