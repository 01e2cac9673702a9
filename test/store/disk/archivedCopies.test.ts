import { copyFileSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { addNote, archiveTickets, listTickets, reopenTickets, showTicket } from "../../../src/index.ts";
import { examine } from "../../helpers/examine.ts";
import { git } from "../../helpers/git.ts";
import { type TempStore, tempStore, writeTickets } from "../../helpers/tempStore.ts";

/** How sync programs, file managers and editors name the copies that they make of `x.md`; the last knows no rule. */
const NAMES = [
  "x (conflicted copy).md",
  "x (Ada's conflicted copy 2026-11-28).md",
  "x.sync-conflict-20261128-101500-ABCDEFG.md",
  "x-LAPTOP.md",
  "x 2.md",
  "x (1).md",
  "x - Copy.md",
  "x~.md",
  "x.md",
  "something else.md",
];

interface Archived extends TempStore {
  /** Where t-1 is. */
  readonly home: string;
  /** The folder that it lies in. */
  readonly month: string;
}

/** A store in which t-1 is archived, and t-2 and t-3 are open. */
async function withArchived(inline = false): Promise<Archived> {
  const store = await tempStore({ inline });
  const created = "created: 2026-01-05T08:00:00Z";
  const closed = "closed: 2026-01-06T08:00:00Z";
  writeTickets(store, {
    "t-1": `One\nstatus: closed\n${created}\n${closed}`,
    "t-2": `Two\n${created}`,
    "t-3": `Three\ndeps: [t-1]\n${created}`,
  });
  await touch(store);
  await archiveTickets(store.open(), { before: "2099-01-01" });
  const month = path.join(store.tickets, "archive", "2026-01");
  return { ...store, month, home: path.join(month, "t-1.md") };
}

/** Makes a change of another ticket, which commits what was edited by hand. */
async function touch(store: TempStore): Promise<void> {
  await addNote(store.open(), { id: "t-2", text: "touched" });
}

const byHand = (store: TempStore) => store.subjects().filter((subject) => subject.includes("by hand"));
const inFolder = (folder: string) => readdirSync(folder).filter((name) => name.endsWith(".md"));
const idsOf = async (store: TempStore) =>
  (await listTickets(store.open(), { all: true })).tickets.map(({ id }) => id).sort();
const edited = (text: string) => text.replace("# One", "# One, changed elsewhere");

describe.each([
  ["own", false],
  ["inline", true],
])("a copy where the archive has a ticket is no ticket (%s store)", (_, inline) => {
  test("copies of an archived ticket of any name come, change and go: told, never committed", async () => {
    const store = await withArchived(inline);
    const before = byHand(store);
    const copies = NAMES.map((name) => path.join(store.tickets, name.replace(/^x/, "t-1")));
    for (const copy of copies) copyFileSync(store.home, copy);
    await touch(store);
    const list = await store.run(["ticket", "list"]);
    expect(list.stdout).not.toContain("One");
    expect(list.stderr.split("has the id 't-1' of archive/2026-01/t-1.md")).toHaveLength(copies.length + 1);
    for (const copy of copies) writeFileSync(copy, edited(readFileSync(copy, "utf8")));
    await touch(store);
    expect(await idsOf(store)).toEqual(["t-1", "t-2", "t-3"]);
    expect(await showTicket(store.open(), { id: "t-1" })).toMatchObject({ ticket: { title: "One" } });
    await addNote(store.open(), { id: "t-1", text: "goes to the ticket" });
    expect(readFileSync(store.home, "utf8")).toContain("goes to the ticket");
    expect(byHand(store)).toEqual(before);
    for (const copy of copies) expect(readFileSync(copy, "utf8")).toContain("# One, changed elsewhere");
    for (const copy of copies) rmSync(copy);
    await touch(store);
    expect(byHand(store)).toEqual(before);
    expect((await store.run(["ticket", "list"])).stderr).toBe("");
    store.judge();
  });

  test("copies within the archive, of an archived and of an active ticket, come and go", async () => {
    const store = await withArchived(inline);
    const before = byHand(store);
    const ofArchived = NAMES.filter((name) => name !== "x.md").map((name) => name.replace(/^x/, "t-1"));
    const ofActive = NAMES.map((name) => name.replace(/^x/, "t-2")).filter((name) => name.startsWith("t-2"));
    for (const name of ofArchived)
      writeFileSync(path.join(store.month, name), edited(readFileSync(store.home, "utf8")));
    for (const name of ofActive) copyFileSync(path.join(store.tickets, "t-2.md"), path.join(store.month, name));
    await touch(store);
    expect(byHand(store)).toEqual(before);
    expect(await idsOf(store)).toEqual(["t-1", "t-2", "t-3"]);
    await addNote(store.open(), { id: "t-1", text: "goes to the ticket" });
    expect(readFileSync(store.home, "utf8")).toContain("goes to the ticket");
    const exported = await store.ayo("export", "--format", "jsonl", "--all");
    expect(
      exported
        .split("\n")
        .map((line) => JSON.parse(line).title)
        .sort(),
    ).toEqual(["One", "Three", "Two"]);
    for (const name of [...ofArchived, ...ofActive]) rmSync(path.join(store.month, name));
    await touch(store);
    expect(byHand(store)).toEqual(before);
    store.judge();
  });

  test("what the ticket becomes without its file is one commit: moved back, or gone and its copy stays", async () => {
    const store = await withArchived(inline);
    renameSync(store.home, path.join(store.tickets, "t-1.md"));
    await touch(store);
    expect(git(store.repo, "show", "--format=", "--name-status", "HEAD~1")).toMatch(/^R100\t.*archive.*\t.*t-1\.md$/m);
    await archiveTickets(store.open(), { before: "2099-01-01" });
    copyFileSync(store.home, path.join(store.tickets, "t-1 copy.md"));
    await touch(store);
    expect(git(store.repo, "status", "--porcelain")).toContain("t-1 copy.md");
    rmSync(store.home);
    await touch(store);
    expect(await showTicket(store.open(), { id: "t-1" })).toMatchObject({ ticket: { path: "t-1 copy.md" } });
    store.judge();
  });
});

test("a ticket that gets the id of an archived one by hand is left uncommitted and told", async () => {
  const store = await withArchived();
  const before = byHand(store);
  const text = store.text("t-2");
  store.write("t-2", text.replace("id: t-2", "id: t-1"));
  await addNote(store.open(), { id: "t-3", text: "touched" });
  expect((await store.run(["ticket", "list"])).stderr).toContain(
    "t-2.md:1: has the id 't-1' of archive/2026-01/t-1.md",
  );
  expect(byHand(store)).toEqual(before);
  store.write("t-2", text);
  await touch(store);
  store.judge();
});

test("a ticket whose id an archived file has in the commit too goes on being edited", async () => {
  const store = await withArchived();
  copyFileSync(store.home, path.join(store.tickets, "t-1 copy.md"));
  git(store.repo, "add", ".");
  git(store.repo, "commit", "--quiet", "-m", "both");
  writeFileSync(path.join(store.tickets, "t-1 copy.md"), edited(readFileSync(store.home, "utf8")));
  await touch(store);
  expect(store.subjects()[1]).toContain("by hand");
  store.judge();
});

test("of two new files with one id the active one is committed, and a new ticket under an old id beside it", async () => {
  const store = await withArchived();
  const text = readFileSync(store.home, "utf8").replaceAll("t-1", "t-9");
  writeFileSync(path.join(store.tickets, "t-9.md"), text);
  writeFileSync(path.join(store.month, "t-9.md"), text);
  await touch(store);
  expect(git(store.repo, "status", "--porcelain", "-uall")).toBe("?? archive/2026-01/t-9.md");
  rmSync(path.join(store.month, "t-9.md"));
  writeFileSync(path.join(store.tickets, "t-8 copy.md"), text.replaceAll("t-9", "t-8"));
  writeFileSync(path.join(store.month, "t-8.md"), text.replaceAll("t-9", "t-8"));
  await touch(store);
  expect(git(store.repo, "status", "--porcelain", "-uall")).toBe('?? "t-8 copy.md"');
});

test("who waits for an archived ticket goes on being ready, whatever a copy says", async () => {
  const store = await withArchived();
  for (const folder of [store.tickets, store.month]) {
    writeFileSync(path.join(folder, "t-1 2.md"), readFileSync(store.home, "utf8").replace("closed\n", "open\n"));
  }
  await touch(store);
  const ids = (await store.ayo("ticket", "ready")).match(/^t-\d/gm);
  expect(ids).toEqual(["t-2", "t-3"]);
  expect(await showTicket(store.open(), { id: "t-1" })).toMatchObject({ ticket: { status: "closed" } });
});

test("a copy is no event, and a process that watches hears no more of it than others", async () => {
  const store = await withArchived();
  const eventsOf = async () =>
    (await store.ayo("watch", "--since", "1h", "--until-now", "--json"))
      .split("\n")
      .filter((line) => /"t-1"|\bt-1\.md/.test(line));
  const before = await eventsOf();
  copyFileSync(store.home, path.join(store.tickets, "t-1 2.md"));
  copyFileSync(path.join(store.tickets, "t-2.md"), path.join(store.month, "t-2.md"));
  await touch(store);
  expect(await eventsOf()).toEqual(before);
});

describe("where a ticket is to be moved", () => {
  test("a copy that says the same is replaced", async () => {
    const store = await withArchived();
    copyFileSync(store.home, path.join(store.tickets, "t-1.md"));
    const { tickets } = await reopenTickets(store.open(), { ids: ["t-1"] });
    expect(tickets).toMatchObject([{ id: "t-1", status: "open" }]);
    expect(existsSync(store.home)).toBe(false);
    store.judge();
  });

  test("one that says something else is kept, and the move refused", async () => {
    const store = await withArchived();
    writeFileSync(path.join(store.tickets, "t-1.md"), edited(readFileSync(store.home, "utf8")));
    const refused = { code: "bad_ticket", message: expect.stringContaining("t-1.md, where t-1 has its place") };
    await expect(reopenTickets(store.open(), { ids: ["t-1"] })).rejects.toMatchObject(refused);
    await touch(store);
    expect(store.text("t-1")).toContain("changed elsewhere");
    expect(inFolder(store.month)).toEqual(["t-1.md"]);
  });

  test("what cannot go into the archive stays, and keeps no other from going there", async () => {
    const store = await withArchived();
    const done = "status: closed\ncreated: 2026-01-05T08:00:00Z\nclosed: 2026-01-06T08:00:00Z";
    writeTickets(store, { "t-4": `Four\n${done}`, "t-5": `Five\n${done}` });
    const copy = path.join(store.month, "t-4.md");
    writeFileSync(copy, `${store.text("t-4")}Changed elsewhere\n`);
    await touch(store);
    const outcome = await archiveTickets(store.open(), { before: "2099-01-01" });
    expect(outcome.tickets.map(({ id }) => id)).toEqual(["t-5"]);
    expect(outcome.notices.join()).toContain("not archived: archive/2026-01/t-4.md, where t-4 has its place");
    await expect(archiveTickets(store.open(), { before: "2099-01-01" })).rejects.toMatchObject({ code: "bad_ticket" });
    expect(readFileSync(copy, "utf8")).toContain("Changed elsewhere");
    copyFileSync(path.join(store.tickets, "t-4.md"), copy);
    writeFileSync(path.join(store.tickets, "t-2.md"), `${store.text("t-2")}By hand\n`);
    await archiveTickets(store.open(), { before: "2099-01-01" });
    expect(store.files().sort()).toEqual(["t-2.md", "t-3.md"]);
    store.judge();
  });
});

describe("doctor", () => {
  test("names copies wherever they lie, and sets aside those that say nothing else", async () => {
    const store = await withArchived();
    const [top, within, active] = ["t-1 2.md", "archive/2026-01/t-1 (1).md", "archive/2026-01/t-2 2.md"];
    copyFileSync(store.home, path.join(store.tickets, top as string));
    copyFileSync(store.home, path.join(store.tickets, within as string));
    copyFileSync(path.join(store.tickets, "t-2.md"), path.join(store.tickets, active as string));
    const named = async () => (await examine(store)).findings.map(({ code, path: file }) => `${code} ${file}`).sort();
    const copies = [top, within, active].map((file) => `archived_twice ${file}`).sort();
    expect(await named()).toEqual(copies);
    await addNote(store.open(), { id: "t-3", text: "seen" });
    expect(await named()).toEqual(copies);
    writeFileSync(path.join(store.tickets, "t-3.md"), `${store.text("t-3")}by hand\n`);
    expect((await examine(store, true)).findings).toEqual([]);
    expect(readFileSync(store.home, "utf8")).toContain("# One");
    store.judge();
  });

  test("leaves what differs to a person", async () => {
    const store = await withArchived();
    writeFileSync(path.join(store.tickets, "t-1.md"), edited(readFileSync(store.home, "utf8")));
    const { findings } = await examine(store, true);
    expect(findings).toMatchObject([{ code: "archived_twice", path: "t-1.md", target: "archive/2026-01/t-1.md" }]);
    expect(store.text("t-1")).toContain("changed elsewhere");
  });
});
