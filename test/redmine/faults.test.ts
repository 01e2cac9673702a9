import { expect, test } from "vitest";
import type { Mishap } from "./proxy.ts";
import { expectRest, type Scene, scene } from "./scene.ts";
import { note, Side } from "./side.ts";
import { plain, said } from "./there.ts";

/** The kind of a request: `PUT /issues/12.json` and the like without the number. */
const kindOf = (operation: string): string => operation.replace(/\d+/g, "N");

/** The first request of every kind that writes breaks; where `isDeaf`, all that comes after it in that run does too. */
function breaks({ line }: Scene, mishap: Mishap, isDeaf: boolean): { readonly kinds: Set<string>; rest: () => void } {
  const kinds = new Set<string>();
  let isBroken = false;
  line.onRequest = ({ operation, isWrite }) => {
    if (isBroken && isDeaf) return "dropBefore";
    const kind = kindOf(operation);
    if (!isWrite || kinds.has(kind)) return undefined;
    kinds.add(kind);
    isBroken = true;
    return mishap;
  };
  return {
    kinds,
    rest: () => {
      isBroken = false;
    },
  };
}

test.each([
  ["dropBefore", false],
  ["dropBefore", true],
  ["dropAfter", false],
  ["dropAfter", true],
] as const)("no answer to a write (%s, and none to what follows: %s): each is done once", async (mishap, isDeaf) => {
  const one = await scene();
  const { there, line, sync } = one;
  const side = new Side();
  const { kinds, rest } = breaks(one, mishap, isDeaf);
  const run = async (): Promise<void> => {
    for (let n = 0; n < 8; n++) {
      rest();
      await sync(side).catch((error: Error & { fault?: string }) => {
        if (error.fault === undefined) throw error;
      });
    }
  };
  side.add("mya-a", { fields: { title: "a", description: "text", priority: 1 }, notes: [note("first")] });
  side.add("mya-b", { fields: { title: "b" }, deps: ["mya-a"] });
  await run();
  side.set("mya-a", { title: "a!", status: "in_progress", description: "text\nmore" });
  side.edit("mya-a", ({ notes }) => ({ notes: notes.map((old) => ({ ...old, text: "second" })) }));
  side.edit("mya-b", () => ({ deps: [] }));
  await run();
  expect([...kinds].sort()).toEqual([
    "DELETE /relations/N.json",
    "POST /issues.json",
    "POST /issues/N/relations.json",
    "PUT /issues/N.json",
    "PUT /journals/N.json",
  ]);
  line.onRequest = () => undefined;
  await sync(side);
  const issues = await there.issues();
  expect(issues.map(({ subject }) => subject).sort()).toEqual(["a!", "b"]);
  const a = await there.issue(side.numberOf("mya-a"));
  expect(a).toMatchObject({ status: { name: "In Progress" }, priority: { name: "Urgent" } });
  expect([plain(a.description), said(a).map(({ notes }) => plain(notes))]).toEqual(["text\nmore", ["second"]]);
  expect(a.relations ?? []).toEqual([]);
  expect(side.tickets.size).toBe(2);
  expect(side.tickets.get("mya-a")?.notes.map(({ text }) => text)).toEqual(["second"]);
  await expectRest(one, side);
});

test("an answer is lost, then a person changes the same: both are told apart", async () => {
  const one = await scene();
  const { there, line, sync } = one;
  const side = new Side();
  side.add("mya-a", { fields: { title: "a" } });
  await sync(side);
  const number = side.numberOf("mya-a");
  side.set("mya-a", { title: "ours", priority: 0 });
  line.onRequest = ({ isWrite }) => (isWrite ? "dropAfter" : undefined);
  await sync(side);
  line.onRequest = () => undefined;
  await there.update(number, { subject: "theirs" });
  side.set("mya-a", { priority: 4 });
  const { told } = await sync(side);
  expect(told).toEqual([]);
  expect(side.tickets.get("mya-a")?.fields).toMatchObject({ title: "theirs", priority: 4 });
  expect(await there.issue(number)).toMatchObject({ subject: "theirs", priority: { name: "Low" } });
  await expectRest(one, side);
});

test("Redmine says nothing where it keeps a status: that is told once, and sent when it may be", async () => {
  const one = await scene();
  const { there, sync } = one;
  const side = new Side();
  side.add("mya-p", { fields: { title: "whole", priority: 3 } });
  side.add("mya-q", { fields: { title: "part", parent: "mya-p" } });
  side.add("mya-x", { fields: { title: "waits" }, deps: ["mya-y"] });
  side.add("mya-y", { fields: { title: "first" } });
  // Redmine gives what has parts the priority of its parts, and keeps it.
  for (let n = 0; n < 2; n++) await sync(side);
  side.set("mya-p", { status: "closed", priority: 0 });
  side.set("mya-x", { status: "closed", title: "waits!" });
  const { left } = await sync(side);
  const [p, x, y] = ["mya-p", "mya-x", "mya-y"].map((id) => side.numberOf(id)) as [number, number, number];
  expect(left.map(({ why }) => why)).toEqual([
    `status was refused: #${p} keeps it as it was`,
    `priority was refused: #${p} keeps it as it was`,
    `status was refused: #${x} keeps it as it was`,
  ]);
  expect(await there.issue(x)).toMatchObject({ subject: "waits!", status: { name: "New" } });
  await expectRest(one, side);
  await there.update(y, { status_id: 5 });
  side.set("mya-q", { status: "closed" });
  await sync(side);
  for (const number of [p, x]) expect(await there.issue(number)).toMatchObject({ status: { name: "Closed" } });
  await expectRest(one, side);
});

test("a closed tree is made, and opened again, from whatever end it is begun", async () => {
  const one = await scene();
  const { there, sync } = one;
  const side = new Side();
  const closed = { status: "closed" };
  side.add("mya-a", { fields: { ...closed } });
  side.add("mya-b", { fields: { ...closed, parent: "mya-a" } });
  side.add("mya-c", { fields: { ...closed, parent: "mya-b" }, deps: ["mya-d"] });
  side.add("mya-d", { fields: { ...closed } });
  expect((await sync(side)).left).toEqual([]);
  expect((await there.issues()).map(({ status }) => status.name)).toEqual(["Closed", "Closed", "Closed", "Closed"]);
  await expectRest(one, side);
  for (const id of ["mya-c", "mya-b", "mya-a"]) side.set(id, { status: "open" });
  side.add("mya-e", { fields: { parent: "mya-d" } });
  side.set("mya-d", { status: "open" });
  expect((await sync(side)).left).toEqual([]);
  expect((await there.issues()).map(({ status }) => status.name)).toEqual(["New", "New", "New", "New", "New"]);
  expect((await there.issues()).at(-1)).toMatchObject({ parent: { id: side.numberOf("mya-d") } });
  await expectRest(one, side);
});
