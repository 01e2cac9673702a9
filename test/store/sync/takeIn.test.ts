import { appendFileSync, chmodSync, cpSync, existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import type { Journal } from "../../../src/store/open/store.ts";
import { type TakenIn, takeIn } from "../../../src/store/sync/takeIn.ts";
import { git } from "../../helpers/git.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import { storeIn, type TempStore, tempStore, writeTickets } from "../../helpers/tempStore.ts";

let here: TempStore;
let there: TempStore;
beforeEach(async () => {
  here = await tempStore();
  writeTickets(here, { one: "One", two: "Two" });
  await here.ayo("ticket", "note", "two", "commits them");
  const other = path.join(tempDir(), "other");
  cpSync(here.dir, other, { recursive: true });
  there = storeIn(other);
});

const tip = (store: TempStore) => git(store.tickets, "rev-parse", "HEAD");

/** Brings what `from` has into `into`. */
function take(into: TempStore, from: TempStore): Promise<TakenIn> {
  git(into.tickets, "fetch", "--quiet", from.tickets, "HEAD");
  const store = into.open();
  return takeIn(store, store.journal as Journal, tip(from));
}

describe("what was made elsewhere", () => {
  test("comes to the disk: forward where nothing was made here, and not again", async () => {
    await there.ayo("ticket", "note", "one", "from there", "--as", "@a");
    const made = await there.ayo("ticket", "create", "Made there");
    expect(await take(here, there)).toMatchObject({ state: "forward", commit: tip(there), files: 2 });
    expect(here.text("one")).toContain("from there");
    expect(here.text(made)).toContain("# Made there");
    expect(await here.ayo("ticket", "list", "-q")).toContain(made);
    expect(await take(here, there)).toMatchObject({ state: "has_all", files: 0 });
    here.judge();
  });

  test("is merged with what was made here, also with what nobody has committed yet; both sides come to one commit", async () => {
    await there.ayo("ticket", "close", "one");
    await here.ayo("ticket", "note", "two", "from here");
    appendFileSync(path.join(here.tickets, "two.md"), "\nby hand\n");
    expect(await take(here, there)).toMatchObject({ state: "merged", notices: ["edit two by hand: text"] });
    expect(here.text("one")).toContain("status: closed");
    expect(here.text("two")).toMatch(/from here\n\nby hand/);
    here.judge();
    expect(await take(there, here)).toMatchObject({ state: "forward", commit: tip(here) });
    expect(there.text("two")).toBe(here.text("two"));
    there.judge();
  });

  test("takes tickets away, moves them into the archive, and brings hooks that run nowhere before they are allowed", async () => {
    await there.ayo("ticket", "close", "one");
    await there.ayo("ticket", "archive", "--before", "0s");
    await there.ayo("ticket", "delete", "two", "--yes");
    mkdirSync(path.join(there.tickets, "hooks"), { recursive: true });
    const hook = path.join(there.tickets, "hooks", "ticket.noted");
    writeFileSync(hook, '#!/bin/sh\necho ran >> "$HOME/ran"\n');
    chmodSync(hook, 0o755);
    const id = await there.ayo("ticket", "create", "Commits the hook");
    await take(here, there);
    expect(existsSync(path.join(here.tickets, "two.md"))).toBe(false);
    expect(existsSync(path.join(here.tickets, "one.md"))).toBe(false);
    expect(await here.ayo("ticket", "show", "one")).toContain("archive");
    expect(statSync(path.join(here.tickets, "hooks", "ticket.noted")).mode & 0o111).toBe(0o111);
    const { stderr } = await here.run(["ticket", "note", id, "x"]);
    expect(stderr).toContain("ticket.noted");
    expect(stderr).toContain("allow");
    here.judge();
  });

  test("keeps who did what: events and history of both sides", async () => {
    const before = tip(here);
    await there.ayo("ticket", "close", "one", "--as", "@there");
    await here.ayo("ticket", "note", "two", "x", "--as", "@here");
    await take(here, there);
    const events = (await here.ayo("watch", "--json", "--since", before, "--until-now")).split("\n");
    const told = events.map((line) => JSON.parse(line)).map(({ event, actor }) => `${event} ${actor}`);
    expect(told.sort()).toEqual(["ticket.closed @there", "ticket.noted @here"]);
    expect(await here.ayo("ticket", "history", "one")).toMatch(/@there.*status open → closed/);
  });
});

describe("what no store has is not taken in, and nothing is changed:", () => {
  const evil: readonly (readonly [what: string, file: string, mode: string, message: string])[] = [
    ["a link", "evil.md", "120000", "is a link"],
    ["a program beside the tickets", "bin/run.sh", "100755", "no file of a store"],
    ["a hidden file", ".gitattributes", "100644", "no file of a store"],
    ["a file in a hidden folder", "hooks/.x/y", "100644", "no file of a store"],
    ["a name that some machines cannot tell apart", "ONE.md", "100644", "cannot tell"],
    ["a name without end", `${"n".repeat(201)}.md`, "100644", "too long"],
  ];
  test.each(evil)("%s", async (_, file, mode, message) => {
    const blob = git(there.tickets, "hash-object", "-w", "--stdin");
    git(there.tickets, "update-index", "--add", "--cacheinfo", `${mode},${blob},${file}`);
    git(there.tickets, "commit", "--quiet", "--message=evil");
    const old = tip(here);
    await expect(take(here, there)).rejects.toThrow(message);
    expect(tip(here)).toBe(old);
    here.judge();
  });

  test("a file of more than 5 MiB", async () => {
    const big = path.join(tempDir(), "big");
    writeFileSync(big, "x".repeat(5 * 1024 * 1024 + 1));
    const blob = git(there.tickets, "hash-object", "-w", big);
    git(there.tickets, "update-index", "--add", "--cacheinfo", `100644,${blob},big.md`);
    git(there.tickets, "commit", "--quiet", "--message=big");
    await expect(take(here, there)).rejects.toThrow("5 MiB");
    here.judge();
  });

  test("but what a merge makes of two texts, and what is too large here already, stops nobody", async () => {
    const large = (word: string): string => `\n${word.repeat(3 * 1024 * 1024)}\n`;
    appendFileSync(path.join(there.tickets, "one.md"), large("t"));
    await there.ayo("ticket", "note", "two", "of there");
    appendFileSync(path.join(here.tickets, "one.md"), large("h"));
    expect(await take(here, there)).toMatchObject({ state: "merged" });
    expect(here.text("one").length).toBeGreaterThan(6 * 1024 * 1024);
    await there.ayo("ticket", "note", "one", "of there too");
    await take(here, there);
    expect(here.text("one")).toContain("of there too");
    await here.ayo("ticket", "note", "one", "of here");
    here.judge();
  });
});

test("an inline store is the project's own git's to bring", async () => {
  const inline = await tempStore({ inline: true });
  const store = inline.open();
  await expect(takeIn(store, store.journal as Journal, git(inline.dir, "rev-parse", "HEAD"))).rejects.toThrow(
    "git pull",
  );
});
