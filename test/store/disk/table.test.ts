import { cpSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { graph } from "../../../src/actions/graph/graph.ts";
import { stats } from "../../../src/actions/stats/stats.ts";
import { blockedTickets, listTickets, readyTickets, showTicket } from "../../../src/index.ts";
import { rowOf } from "../../../src/store/disk/cacheRow.ts";
import { TableEntries } from "../../../src/store/disk/table/entries.ts";
import { openTable, tableBytes } from "../../../src/store/disk/table/tableFile.ts";
import type { Entry } from "../../../src/store/open/entry.ts";
import { compareReady } from "../../../src/ticket/rules/readyOrder.ts";
import type { Fields } from "../../../src/ticket/ticket.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import { storeIn, type TempStore, tempStore } from "../../helpers/tempStore.ts";

/** Numbers that look random and are the same for one seed. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * below);
  };
}

const SEED = Number(process.env.AYO_SEED ?? Date.now() % 1_000_000);

function madeUp(random: (below: number) => number, n: number): [string, Entry] {
  const pick = <T>(...values: readonly T[]): T => values[random(values.length)] as T;
  const id = pick(`t-${n}`, `t-${n}`, `odd ${n}`);
  const fields = {
    id,
    status: pick("open", "closed", "in_progress", "Ünklar", ""),
    ...pick<Fields>({}, { deps: ["t-1", "t-2"] }, { deps: ["two\nlines", "a, b"] }),
    ...pick<Fields>(
      {},
      { parent: "t-3" },
      { claimedBy: "@a", lease: "2026-11-28T10:00:00Z" },
      { unconfirmed: ["status"] },
    ),
    ...pick<Fields>({}, { priority: random(5) }),
    ...pick<Fields>({}, { assignee: ["@coder"] }, { assignee: ["Mara"] }),
    ...pick<Fields>({}, { created: `2026-11-${10 + random(18)}T00:00:00Z` }),
  };
  const oid = n.toString(16).padStart(40, "a");
  const ticket = {
    ...{
      id,
      path: `t-${n}.md`,
      version: oid,
      title: pick("Plain", "Grüße 🎈", "", "a\ttab", ...(random(9) === 0 ? ["half \ud83c"] : [])),
      status: fields.status,
    },
    ...{ fields, extra: pick({}, { x: [1, "ü"] }), criteria: { done: random(3), total: 3 } },
  };
  const stamp = [n * 1.5, n, n + 100, 10 ** 9 + n] as const;
  const common = { stamp, racy: random(5) === 0, oid };
  const problem = { path: `t-${n}.md`, line: 3, code: "bad_ticket", message: "no" };
  return [
    `t-${n}.md`,
    pick<Entry>({ ...common, ticket }, { ...common, ticket }, { ...common, problem }, { ...common, oid: "" }),
  ];
}

test("a table gives back every entry that was put into it, finds each, and keeps the order of ready lists", () => {
  for (let round = 0; round < 30; round++) {
    const random = randomFrom(SEED + round);
    const entries = Array.from({ length: random(60) }, (_, n) => madeUp(random, n));
    const { size, parts } = tableBytes(entries);
    const bytes = Buffer.concat([Buffer.from("any head\n"), ...parts]);
    const table = openTable(bytes, 9, size);
    const found = new TableEntries(table);
    const shown = ([file, entry]: readonly [string, Entry]) => [
      file,
      entry.stamp,
      entry.oid,
      rowOf(file, entry),
      entry.ticket?.known?.deps,
    ];
    const wanted = entries.map(([file, entry]) => [
      file,
      entry.stamp,
      entry.oid,
      rowOf(file, entry),
      entry.ticket && (entry.ticket.fields.deps ?? []),
    ]);
    expect([...found].map(shown), `seed ${SEED + round}`).toEqual(
      wanted.toSorted(([a], [b]) => ((a as string) < (b as string) ? -1 : 1)),
    );
    for (const [file, entry] of entries) expect(found.get(file)?.oid).toBe(entry.oid);
    expect(found.get("t-.md")).toBeUndefined();
    expect(found.size).toBe(entries.length);
    const tickets = [...found.values()].flatMap(({ ticket }) => ticket ?? []);
    const byRank = tickets.toSorted(compareReady).map(({ path: file }) => file);
    const byRule = entries.flatMap(([, { ticket }]) => ticket ?? []).toSorted(compareReady);
    expect(byRank, `seed ${SEED + round}`).toEqual(byRule.map(({ path: file }) => file));
    expect(() => openTable(bytes.subarray(0, bytes.length - 1), 9, size)).toThrow();
  }
});

test("a table that is made of another one and of what changed since is byte by byte the one that is made of all", () => {
  const made = (entries: Iterable<readonly [string, Entry]>) => {
    const { size, parts } = tableBytes(entries);
    return { size, bytes: Buffer.concat(parts) };
  };
  for (let round = 0; round < 60; round++) {
    const random = randomFrom(SEED + round);
    const all = new Map(Array.from({ length: random(40) }, (_, n) => madeUp(random, n)));
    const first = made(all);
    const entries = new TableEntries(openTable(first.bytes, 0, first.size));
    for (let change = random(12); change > 0; change--) {
      const n = random(50);
      if (random(4) === 0) {
        all.delete(`t-${n}.md`);
        entries.delete(`t-${n}.md`);
        continue;
      }
      const [file, entry] = madeUp(random, n);
      all.set(file, entry);
      entries.set(file, entry);
    }
    // A ticket of a table may stand in an entry with another stamp, as after a file was only touched.
    for (const [file, entry] of [...entries].slice(0, random(3))) {
      const touched = { stamp: [1, 2, 3, 4] as const, racy: true, oid: entry.oid, ticket: entry.ticket, text: "x" };
      const { ticket = undefined, problem = undefined } = all.get(file) ?? {};
      if (problem !== undefined) continue;
      entries.set(file, touched);
      all.set(file, { ...touched, ticket });
    }
    const again = made(entries);
    const whole = made(all);
    expect(again.size, `seed ${SEED + round}`).toEqual(whole.size);
    expect(again.bytes.equals(whole.bytes), `seed ${SEED + round}`).toBe(true);
  }
});

/** What a store answers, from its caches or without any. */
async function answers({ open }: TempStore, ids: readonly string[], at = Date.now() + 3_600_000) {
  const store = () => open({ now: () => at });
  const lists = await Promise.all([
    listTickets(store(), {}),
    listTickets(store(), { query: "-assignee:@coder created:<1d has:parent" }),
    readyTickets(store(), { explain: true }),
    readyTickets(store(), {}),
    readyTickets(store(), { limit: 3, as: "@coder" }),
    readyTickets(store(), { as: "@other" }),
    blockedTickets(store(), {}),
    stats.run(store(), {}),
    graph.run(store(), { all: true, format: "json" }),
  ]);
  const shown = await Promise.all(ids.map((id) => showTicket(store(), { id }).catch((error: Error) => error.message)));
  return JSON.parse(JSON.stringify({ lists, shown })) as unknown;
}

test("whatever is done by command and by hand, the table answers what the files say", async () => {
  const random = randomFrom(SEED);
  const project = await tempStore();
  const ids: string[] = [];
  for (let n = 0; n < 30; n++) ids.push(await project.ayo("ticket", "create", `Ticket ${n}`, "-p", String(random(5))));
  const any = (): string => ids[random(ids.length)] as string;
  const file = (id: string): string => path.join(project.tickets, `${id}.md`);
  const kin = (id: string): string =>
    [`parent: ${id}`, `parent: ${id}\ndelegated-by: '@coder'`, `discovered-from: ${id}`, "reviewer: '@mara'"][
      random(random(6) === 0 ? 4 : 3)
    ] as string;
  const steps: readonly (() => unknown)[] = [
    () => project.here(["ticket", "dep", any(), any()]),
    () => project.here(["ticket", "close", any(), "--force"]),
    () => project.here(["ticket", "update", any(), "--parent", any()]),
    () => project.here(["ticket", "claim", any(), "--as", "@coder"]),
    () => project.here(["ticket", "delete", any(), "--yes"]),
    () => writeFileSync(file(any()), `---\nid: hand-${random(9)}\nstatus: open\ndeps: [${any()}]\n---\n# By hand ü\n`),
    () => writeFileSync(file(any()), `---\nstatus: open\n${kin(any())}\n---\n# Of others\n`),
    () => writeFileSync(file(`new-${random(9)}`), `---\nid: ${any()}\nstatus: open\n---\n# A copy\n`),
    () => writeFileSync(file(any()), "---\nstatus: [broken\n---\n"),
    () => rmSync(file(any()), { force: true }),
    () => renameSync(file(ids[0] as string), file(any())),
    () => rmSync(path.join(project.tickets, ".git/ayo/index"), { force: true }),
  ];
  for (let step = 0; step < 40; step++) {
    const at = random(steps.length);
    try {
      await steps[at]?.();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
    if (step % 4 !== 0) continue;
    // Everything is read anew in a copy: its files have other stamps.
    const dir = path.join(tempDir(), "p");
    cpSync(project.dir, dir, { recursive: true });
    rmSync(path.join(dir, ".tickets/.git/ayo"), { recursive: true, force: true });
    const where = `seed ${SEED}, step ${step} (${at})`;
    const now = Date.now() + 3_600_000;
    const told = await answers(project, ids.slice(0, 5), now);
    expect(told, where).toEqual(await answers(storeIn(dir), ids.slice(0, 5), now));
  }
}, 120_000);

test("a table that was damaged anywhere is made anew", async () => {
  const project = await tempStore();
  const id = await project.ayo("ticket", "create", "Build login", "-p", "1");
  await project.ayo("ticket", "create", "Deploy it", "--deps", id);
  const index = path.join(project.tickets, ".git/ayo/index");
  rmSync(index);
  const truth = await answers(project, [id]);
  const whole = readFileSync(index);
  const random = randomFrom(SEED);
  for (let n = 0; n < 40; n++) {
    const bytes = Buffer.from(whole);
    const at = random(bytes.length);
    bytes[at] = (bytes[at] as number) ^ (1 + random(255));
    writeFileSync(index, n % 4 === 0 ? whole.subarray(0, at) : bytes);
    expect(await answers(project, [id]), `seed ${SEED}, byte ${at}`).toEqual(truth);
  }
});

test("a process that began without a cache tells the same order, and of two copies the same ticket, as others", async () => {
  const { open, write, tickets } = await tempStore();
  rmSync(path.join(tickets, ".git/ayo/index"));
  const text = (id: string): string => `---\nid: ${id}\nstatus: open\n---\n# Same\n`;
  const long = open();
  write("t-b", text("t-b"));
  write("t-d", text("t-x"));
  await listTickets(long, {});
  write("t-a", text("t-a"));
  write("t-c", text("t-x"));
  const told = async (store = open()) => (await listTickets(store, { sort: "title" })).tickets.map((one) => one.path);
  expect([await told(long), await told()]).toEqual(Array(2).fill(["t-a.md", "t-b.md", "t-c.md"]));
});

test("a file whose name is no text is not remembered anew by each read", async () => {
  const project = await tempStore();
  await project.ayo("ticket", "create", "Build login");
  writeFileSync(Buffer.concat([Buffer.from(`${project.tickets}/bad`), Buffer.from([0xff]), Buffer.from(".md")]), "x");
  const now = () => Date.now() + 3_600_000;
  const size = (): number =>
    readdirSync(path.join(project.tickets, ".git/ayo")).reduce(
      (sum, name) => sum + statSync(path.join(project.tickets, ".git/ayo", name)).size,
      0,
    );
  await listTickets(project.open({ now }), {});
  const before = size();
  for (let n = 0; n < 3; n++) expect((await listTickets(project.open({ now }), {})).total).toBe(1);
  expect(size()).toBe(before);
});

test("a table tells whether a ticket has a version by its beginning, and that none has what is no version", () => {
  const fields = { id: "t-1" };
  const parts = { title: "One", status: "open", fields, extra: {}, criteria: { done: 0, total: 0 } };
  const entryOf = (oid: string, version = oid): [string, Entry] => [
    "t-1.md",
    { stamp: [1, 2, 3, 4], racy: false, oid, ticket: { id: "t-1", path: "t-1.md", version, ...parts } },
  ];
  const knownOf = (entry: [string, Entry]) => {
    const { size, parts: bytes } = tableBytes([entry]);
    return openTable(Buffer.concat([Buffer.alloc(8), ...bytes]), 8, size).ticket(0).known;
  };
  const oid = "0123456789abcdef".padEnd(40, "0");
  for (const known of [knownOf(entryOf(oid)), knownOf(entryOf("f".repeat(40), oid))]) {
    expect(known?.hasVersion(oid, 0)).toBe(true);
    expect(known?.hasVersion(`${"9".repeat(16)}0123456789abcdef`, 16)).toBe(true);
    for (const other of ["0123456789abcdee", "1123456789abcdef", "0123456789abcde", " ".repeat(16), ""]) {
      expect(known?.hasVersion(other, 0)).toBe(false);
    }
  }
  expect(knownOf(entryOf(""))?.hasVersion(" ".repeat(16), 0)).toBe(false);
});
