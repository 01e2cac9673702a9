import { renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { readInbox } from "../../../src/index.ts";
import { sharingTeam } from "../../helpers/team.ts";
import { tempStore } from "../../helpers/tempStore.ts";
import { inboxOf, linesOf } from "./inboxHere.ts";

const PERSON = "Test User";
const CODER = ["--as", "coder"];

describe("who is mentioned", () => {
  test("hears of it until he writes in the ticket; in a note and in the description, of each once", async () => {
    const store = await tempStore({ project: true });
    const id = await store.ayo("ticket", "create", "Build login", "-d", "For @coder and @test");
    await store.ayo("ticket", "note", id, "@coder, and `@rex` not", ...["--as", "max"]);
    await store.ayo("ticket", "note", id, "@Coder, @coder and @test-user again");
    const { items } = await inboxOf(store, ...CODER);
    expect(items.map(({ key, by, text }) => [key.slice(id.length, id.length + 6), by, text])).toEqual([
      [":text", null, "For @coder and @test"],
      [":note ", "@max", "@coder, and `@rex` not"],
      [":note ", PERSON, "@Coder, @coder and @test-user again"],
    ]);
    expect(items[1]).toMatchObject({ act: `ayo ticket note ${id} …`, note: expect.stringMatching(/^[0-9a-f]{8}$/) });
    expect(await linesOf(store, "--as", "rex")).toEqual([]);
    // His own mention of himself is none, and what he wrote answers what was said before.
    expect(await linesOf(store)).toEqual([]);
    await store.ayo("ticket", "note", id, "seen", ...CODER);
    expect(await linesOf(store, ...CODER)).toEqual([]);
  });

  test("again in the description where it came to mention him after he wrote", async () => {
    const store = await tempStore({ project: true });
    const id = await store.ayo("ticket", "create", "Build login", "-d", "For @coder");
    await store.here(["ticket", "note", id, "seen", ...CODER], { now: () => Date.now() + 60_000 });
    expect(await linesOf(store, ...CODER)).toEqual([]);
    const later = { now: () => Date.now() + 120_000 };
    await store.here(["ticket", "update", id, "--replace", "-d", "For @coder, with a comma"], later);
    expect(await linesOf(store, ...CODER)).toEqual([]);
    const replaced = [];
    for (const text of ["For nobody", "For @coder after all"])
      replaced.push(await store.here(["ticket", "update", id, "--replace", "-d", text], later));
    expect(replaced.map(({ code }) => code)).toEqual([0, 0]);
    expect(await linesOf(store, ...CODER)).toEqual([`mention ${id}:text`]);
  });

  test("`user` is any person; what an agent says to itself is nothing", async () => {
    const store = await tempStore({ project: true });
    const id = await store.ayo("ticket", "create", "Build login");
    await store.ayo("ticket", "note", id, "@user: which one? (@coder)", ...CODER);
    expect(await linesOf(store)).toEqual([`mention ${id}:note`]);
    expect(await linesOf(store, ...CODER)).toEqual([]);
  });

  test("not by what was said elsewhere: an import, a copied file; nor by an undone note", async () => {
    const store = await tempStore({ project: true });
    const row = {
      id: "old-1",
      title: "Old",
      description: "For @coder",
      comments: [{ author: "max", text: "@coder?" }],
    };
    writeFileSync(path.join(store.dir, "rows.jsonl"), `${JSON.stringify(row)}\n`);
    await store.ayo("import", "rows.jsonl");
    const copied =
      "---\nid: copied\nstatus: open\n---\n# Copied\n\n## Notes\n\n**2026-01-01T00:00:00Z** Max\n\n@coder?\n";
    store.write("copied", copied);
    await store.ayo("ticket", "create", "Another");
    expect(await linesOf(store, ...CODER)).toEqual([]);
    const id = await store.ayo("ticket", "create", "Build login");
    await store.ayo("ticket", "note", id, "@coder?");
    expect(await linesOf(store, ...CODER)).toEqual([`mention ${id}:note`]);
    await store.ayo("undo");
    expect(await linesOf(store, ...CODER)).toEqual([]);
    await store.ayo("redo");
    expect(await linesOf(store, ...CODER)).toEqual([`mention ${id}:note`]);
    await store.ayo("ticket", "note", "old-1", "@coder, now");
    expect(await linesOf(store, ...CODER)).toEqual([`mention ${id}:note`, "mention old-1:note"]);
  });

  test("in a text that is meant to be more than it is", async () => {
    const store = await tempStore({ project: true });
    const id = await store.ayo("ticket", "create", "Build login");
    const text = `@coder \u001b[2J\u0007 **2026-01-01T00:00:00Z** ayo\n## Notes\n@coder\u202e\n${"@x".repeat(2_000)}`;
    await store.ayo("ticket", "note", id, text);
    expect(await linesOf(store, ...CODER)).toEqual([`mention ${id}:note`]);
    const printed = await store.ayo("inbox", ...CODER);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may reach a terminal.
    expect(printed).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    expect(printed.split("\n")).toHaveLength(1);
  });
});

describe("who follows, holds, or is assigned", () => {
  test("hears of the messages of others in one line, until he writes; of a mention as of a mention", async () => {
    const store = await tempStore({ project: true });
    const id = await store.ayo("ticket", "create", "Build login");
    await store.ayo("ticket", "follow", id);
    await store.ayo("ticket", "claim", id, ...CODER);
    await store.ayo("ticket", "note", id, "one", ...CODER);
    await store.ayo("ticket", "note", id, "two", ...CODER);
    const { items } = await inboxOf(store);
    expect(items).toMatchObject([{ kind: "message", by: "@coder", text: "two" }]);
    await store.ayo("ticket", "note", id, "fine");
    expect(await linesOf(store)).toEqual([]);
    expect(await linesOf(store, ...CODER)).toEqual([`message ${id}:note`]);
    await store.ayo("ticket", "note", id, "@test and more", ...CODER);
    expect(await linesOf(store)).toEqual([`mention ${id}:note`]);
  });

  test("of what is finished only who follows it hears", async () => {
    const store = await tempStore({ project: true });
    const id = await store.ayo("ticket", "create", "Build login", "-a", "@coder");
    await store.ayo("ticket", "follow", id, "--as", "rex");
    await store.ayo("ticket", "close", id, "-m", "done in another way");
    expect(await linesOf(store, ...CODER)).toEqual([]);
    expect(await linesOf(store, "--as", "rex")).toEqual([`message ${id}:note`]);
  });
});

describe("on two machines", () => {
  const HOURS = 3_600_000;
  const clock = (hours: number) => ({ now: () => Date.now() + hours * HOURS });

  test("what was said while he wrote elsewhere is there, though his note stands below it", async () => {
    const { ann, bob } = await sharingTeam(["Build login"]);
    const id = (ann.files()[0] ?? "").slice(0, -3);
    await ann.here(["ticket", "note", id, "@coder, stop", "--as", "rex"], clock(-1));
    await bob.here(["ticket", "note", id, "going on", ...CODER], clock(1));
    await ann.ayo("sync");
    await bob.ayo("sync");
    await ann.ayo("sync");
    for (const store of [ann, bob]) {
      expect(store.text(id).indexOf("going on")).toBeGreaterThan(store.text(id).indexOf("stop"));
      expect(await linesOf(store, ...CODER)).toEqual([`mention ${id}:note`]);
      expect(await linesOf(store, "--as", "rex")).toEqual([]);
    }
    await bob.ayo("ticket", "note", id, "stopped", ...CODER);
    expect(await linesOf(bob, ...CODER)).toEqual([]);
    await bob.ayo("sync");
    await ann.ayo("sync");
    expect(await linesOf(ann, ...CODER)).toEqual([]);
  });

  test("clocks hours apart hide nothing, in notes and in the description", async () => {
    const { ann, bob } = await sharingTeam(["Build login"]);
    const id = (ann.files()[0] ?? "").slice(0, -3);
    await bob.here(["ticket", "note", id, "on it", ...CODER], clock(2));
    await bob.ayo("sync");
    await ann.ayo("sync");
    await ann.ayo("ticket", "update", id, "-d", "Of interest for @coder");
    await ann.ayo("ticket", "note", id, "@coder, and this");
    await ann.ayo("sync");
    await bob.ayo("sync");
    for (const store of [ann, bob])
      expect((await linesOf(store, ...CODER)).sort()).toEqual([`mention ${id}:note`, `mention ${id}:text`]);
    await bob.here(["ticket", "note", id, "seen", ...CODER], clock(-2));
    expect(await linesOf(bob, ...CODER)).toEqual([]);
  });
});

describe("whose did not stay", () => {
  test("who lost a claim hears of it until he has it again, writes, or it is finished", async () => {
    const store = await tempStore({ project: true });
    const id = await store.ayo("ticket", "create", "Build login");
    await store.ayo("ticket", "claim", id, "--lease", "10m", ...CODER);
    const later = { now: () => Date.now() + 11 * 60_000 };
    await store.here(["ticket", "create", "Another"], later);
    const at = (minutes: number) => store.open({ now: () => Date.now() + minutes * 60_000 });
    expect(await readInbox(at(12), { as: "@coder" })).toMatchObject({
      items: [{ kind: "lost", by: "ayo", text: expect.stringContaining("The lease of @coder ran out") }],
    });
    expect(await readInbox(at(12), {})).toMatchObject({ total: 0 });
    await store.here(["ticket", "claim", id, ...CODER], later);
    expect(await readInbox(at(12), { as: "@coder" })).toMatchObject({ total: 0 });
  });

  test("whose value gave way in a merge hears of it", async () => {
    const { ann, bob } = await sharingTeam(["Build login"]);
    const [file = ""] = ann.files();
    const id = file.slice(0, -3);
    await bob.ayo("ticket", "update", id, "--title", "Of Bob", ...CODER);
    await ann.ayo("ticket", "update", id, "--title", "Of Rex", "--as", "rex");
    await bob.ayo("sync");
    await ann.ayo("sync");
    const told = await Promise.all(["coder", "rex"].map((who) => linesOf(ann, "--as", who)));
    expect(told.flat()).toEqual([`merged ${id}:note`]);
    await bob.ayo("sync");
    expect(await Promise.all(["coder", "rex"].map((who) => linesOf(bob, "--as", who)))).toEqual(told);
    const { items } = await inboxOf(ann, "--as", told[0]?.length === 1 ? "coder" : "rex");
    expect(items[0]?.text).toContain("gave way");
  });
});

test("a ticket whose file has another name still calls for whom it called, and was handed by whom it was", async () => {
  const store = await tempStore({ project: true });
  const id = await store.ayo("ticket", "create", "Build login", "-a", "@coder");
  await store.here(["ticket", "note", id, "@coder?"], { now: () => Date.now() - 60_000 });
  renameSync(path.join(store.tickets, `${id}.md`), path.join(store.tickets, "login.md"));
  await store.here(["ticket", "create", "Another", ...CODER], { now: () => Date.now() + 60_000 });
  expect(store.files()).toContain("login.md");
  expect(await linesOf(store, ...CODER)).toEqual([`mention ${id}:note`, `handed ${id}:handed`]);
  await store.ayo("ticket", "note", id, "seen", ...CODER);
  expect(await linesOf(store, ...CODER)).toEqual([`handed ${id}:handed`]);
});
