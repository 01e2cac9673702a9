import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { git } from "../../helpers/git.ts";
import { sharingTeam, tipAt, tipOf } from "../../helpers/team.ts";
import type { TempStore } from "../../helpers/tempStore.ts";

let hub: string;
let ann: TempStore;
let bob: TempStore;
let id: string;
let whole: string;
beforeEach(async () => {
  ({ hub, ann, bob } = await sharingTeam());
  id = ann.files()[0]?.slice(0, -".md".length) as string;
  whole = ann.text(id);
});

const MARKERS = "<<<<<<< HEAD\nof this side\n=======\nof that side\n>>>>>>> other\n";

/** Ways in which an editor leaves a ticket that nobody can read. */
const BROKEN: readonly (readonly [string, (text: string) => Buffer])[] = [
  ["conflict markers", (text) => Buffer.from(text.replace(/^(# .*)$/m, `${MARKERS}$1`))],
  [
    "bytes that are no UTF-8",
    (text) => Buffer.concat([Buffer.from(text.replace(/^# .*$/m, "# ")), Buffer.from([0xff, 10])]),
  ],
];

const fileOf = (store: TempStore): string => path.join(store.tickets, `${id}.md`);

async function bobChanges(): Promise<void> {
  await bob.ayo("ticket", "update", id, "--title", "Bob's title");
  await bob.ayo("ticket", "note", id, "of Bob");
  await bob.ayo("sync");
}

async function settle(): Promise<void> {
  for (const store of [ann, bob, ann, bob]) await store.ayo("sync");
  for (const store of [ann, bob]) {
    expect(tipOf(store)).toBe(tipAt(hub));
    store.judge();
  }
  expect(ann.text(id)).toBe(bob.text(id));
}

describe.each(BROKEN)("a ticket that cannot be read here for %s, and that others change", (_, broken) => {
  test("stays as it is, and has their changes too once it is mended", async () => {
    writeFileSync(fileOf(ann), broken(whole));
    await bobChanges();
    const { stderr } = await ann.here(["sync"]);
    expect(stderr).toContain(`${id}.md was changed by hand meanwhile: what stands there stays`);
    expect(readFileSync(fileOf(ann))).toEqual(broken(whole));
    expect(git(ann.tickets, "show", `HEAD:${id}.md`)).toContain("Bob's title");
    // Each command is a process of its own, as far as the store can tell; a second change comes before it is mended.
    await bob.ayo("ticket", "note", id, "of Bob again");
    await bob.ayo("sync");
    await ann.ayo("sync");
    ann.write(id, whole.replace("priority: 2", "priority: 0"));
    const { stderr: said } = await ann.here(["sync"]);
    expect(said).toContain(`${id}.md can be read again`);
    await settle();
    expect(bob.text(id)).toContain("# Bob's title");
    expect(bob.text(id)).toMatch(/of Bob\n[\s\S]*of Bob again/);
    expect(bob.text(id)).toContain("priority: 0");
    expect(bob.text(id).match(/of Bob again/g)).toHaveLength(1);
    expect(existsSync(path.join(ann.tickets, ".git", "ayo", "left-alone.json"))).toBe(false);
  });

  test("is gone once it is mended to what it was, where they have deleted it", async () => {
    writeFileSync(fileOf(ann), broken(whole));
    await bob.ayo("ticket", "delete", id, "--yes");
    await bob.ayo("sync");
    await ann.ayo("sync");
    ann.write(id, whole);
    expect((await ann.here(["sync"])).stderr).toContain("others have deleted it");
    expect(existsSync(fileOf(ann))).toBe(false);
    await bob.ayo("sync");
    expect(existsSync(fileOf(bob))).toBe(false);
    ann.judge();
  });
});

test.each([
  ["with an edit of its own", (text: string) => text.replace(/^# .*$/m, "# Ann's title"), "# Ann's title"],
  ["to what it was", (text: string) => text, "# First"],
])(
  "what others have archived stays here unread, and goes into the archived file once it is mended %s",
  async (_, mend, title) => {
    ann.write(id, whole.replace(/^(# .*)$/m, `${MARKERS}$1`));
    await bob.ayo("ticket", "note", id, "of Bob");
    await bob.ayo("ticket", "close", id);
    await bob.ayo("ticket", "archive", "--before", "0s");
    await bob.ayo("sync");
    expect((await ann.here(["sync"])).stderr).toContain("what stands there stays");
    expect(ann.text(id)).toContain(MARKERS);
    ann.write(id, mend(whole));
    expect((await ann.here(["sync"])).stderr).toContain("others have moved it");
    expect(ann.files()).toEqual([]);
    for (const store of [bob, ann]) {
      await store.ayo("sync");
      expect(tipOf(store)).toBe(tipAt(hub));
      store.judge();
      const shown = await store.ayo("ticket", "show", id);
      expect(shown).toContain("of Bob");
      const months = path.join(store.tickets, "archive");
      const [month = ""] = readdirSync(months).filter((name) => name !== "deleted");
      expect(readFileSync(path.join(months, month, `${id}.md`), "utf8")).toContain(title);
    }
  },
);

test("where both changed one field the hand's stays, and the other is in a note", async () => {
  ann.write(id, whole.replace(/^(# .*)$/m, `${MARKERS}$1`));
  await bobChanges();
  await ann.ayo("sync");
  ann.write(id, whole.replace(/^# .*$/m, "# Ann's title"));
  await settle();
  expect(bob.text(id)).toContain("# Ann's title");
  expect(bob.text(id)).toMatch(/Bob's title/);
  expect(bob.text(id)).toContain("of Bob");
});

test("an edit that was broken while others deleted the ticket is kept: it is back", async () => {
  ann.write(id, whole.replace(/^(# .*)$/m, `${MARKERS}$1`));
  await bob.ayo("ticket", "delete", id, "--yes");
  await bob.ayo("sync");
  await ann.ayo("sync");
  ann.write(id, `${whole}\nmore of Ann\n`);
  expect((await ann.here(["sync"])).stderr).toContain("was deleted by others, and changed by hand: it is back");
  await settle();
  expect(bob.text(id)).toContain("more of Ann");
});

test("a ticket that others changed and that is deleted instead of mended is back", async () => {
  ann.write(id, whole.replace(/^(# .*)$/m, `${MARKERS}$1`));
  await bobChanges();
  await ann.ayo("sync");
  rmSync(fileOf(ann));
  expect((await ann.here(["sync"])).stderr).toContain("others have changed it: it is back");
  await settle();
  expect(ann.text(id)).toContain("Bob's title");
});

test("a ticket that was mended to what the branch has is no change", async () => {
  ann.write(id, whole.replace(/^(# .*)$/m, `${MARKERS}$1`));
  await bobChanges();
  await ann.ayo("sync");
  git(ann.tickets, "checkout", "--quiet", "--", `${id}.md`);
  const before = tipOf(ann);
  await settle();
  expect(tipOf(ann)).toBe(before);
});

test("what was kept of it and cannot be read is told once, and stops nothing", async () => {
  writeFileSync(path.join(ann.tickets, ".git", "ayo", "left-alone.json"), '{"x.md": 7}');
  expect((await ann.here(["ticket", "note", id, "x"])).stderr).toContain("ayo/left-alone.json could not be read");
  expect((await ann.here(["ticket", "note", id, "y"])).stderr).toBe("");
});

test("a template that nobody can read here gets what others changed too, once it can be read", async () => {
  const file = (store: TempStore): string => path.join(store.tickets, "templates", "bug.md");
  mkdirSync(path.dirname(file(ann)), { recursive: true });
  writeFileSync(file(ann), "# Bug\n\none\n\ntwo\n");
  await settle();
  rmSync(file(ann));
  mkdirSync(file(ann));
  writeFileSync(file(bob), "# Bug\n\none of Bob\n\ntwo\n");
  await bob.ayo("sync");
  await ann.ayo("sync");
  rmSync(file(ann), { recursive: true });
  writeFileSync(file(ann), "# Bug\n\none\n\ntwo of Ann\n");
  await settle();
  expect(readFileSync(file(bob), "utf8")).toBe("# Bug\n\none of Bob\n\ntwo of Ann\n");
});
