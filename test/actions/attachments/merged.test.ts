import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { attachFile } from "../../../src/index.ts";
import type { Journal } from "../../../src/store/open/store.ts";
import { takeIn } from "../../../src/store/sync/takeIn.ts";
import { git } from "../../helpers/git.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import { storeIn, type TempStore, tempStore } from "../../helpers/tempStore.ts";

let here: TempStore;
let there: TempStore;
let id: string;
beforeEach(async () => {
  here = await tempStore();
  id = await here.ayo("ticket", "create", "Build login", "-q");
  await attachFile(here.open(), { id, name: "old.txt", text: "old" });
  const other = path.join(tempDir(), "other");
  cpSync(here.dir, other, { recursive: true });
  there = storeIn(other);
});

const tip = (store: TempStore) => git(store.tickets, "rev-parse", "HEAD").trim();

function take(into: TempStore, from: TempStore) {
  git(into.tickets, "fetch", "--quiet", from.tickets, "HEAD");
  const store = into.open();
  return takeIn(store, store.journal as Journal, tip(from));
}

/** Both have what the other made, in one commit, and nothing is wrong. */
async function meet(): Promise<readonly { readonly message: string }[]> {
  const { told } = await take(here, there);
  await take(there, here);
  expect(tip(there)).toBe(tip(here));
  for (const store of [here, there]) {
    expect(await store.ayo("doctor")).toBe("Nothing is wrong");
    store.judge();
  }
  return told;
}

const filesOf = (store: TempStore, ticket: string): Record<string, string> => {
  const folder = path.join(store.tickets, "attachments", ticket);
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return Object.fromEntries(names.map((name) => [name, readFileSync(path.join(folder, name), "utf8")]));
};

describe("files that were attached on two machines", () => {
  test("are both there, in one list", async () => {
    await attachFile(here.open(), { id, name: "here.txt", text: "here" });
    await attachFile(there.open(), { id, name: "there.txt", text: "there" });
    expect(await meet()).toEqual([]);
    expect(filesOf(there, id)).toEqual({ "old.txt": "old", "here.txt": "here", "there.txt": "there" });
    const { ticket } = await here.json<{ ticket: { attachments: string[] } }>("ticket", "show", id);
    expect(ticket.attachments).toHaveLength(3);
  });

  test("under one name, in whatever case, are two under two names, and each text shows its own", async () => {
    await attachFile(here.open(), { id, name: "shot (1).txt", text: "here", note: "from here" });
    await attachFile(there.open(), { id, name: "SHOT (1).txt", text: "there", note: "from there" });
    await attachFile(here.open(), { id, name: "same.txt", text: "same" });
    await attachFile(there.open(), { id, name: "same.txt", text: "same" });
    const told = await meet();
    expect(told.map(({ message }) => message)).toEqual([expect.stringContaining("attached another file of that name")]);
    const files = filesOf(here, id);
    expect(Object.values(files).toSorted()).toEqual(["here", "old", "same", "there"]);
    const names = new Map(Object.entries(files).map(([name, text]) => [text, name]));
    for (const where of ["here", "there"]) {
      const note = new RegExp(`from ${where}\\n\\n\\[[^\\]]*\\]\\(attachments/${id}/([^)]*)\\)`);
      expect(decodeURIComponent(note.exec(here.text(id))?.[1] ?? "")).toBe(names.get(where));
    }
  });

  test("that both changed by hand are both kept, and so is one that the other side took away with its ticket", async () => {
    for (const [store, text] of [
      [here, "here"],
      [there, "there"],
    ] as const) {
      writeFileSync(path.join(store.tickets, "attachments", id, "old.txt"), text);
      await store.ayo("ticket", "note", id, text);
    }
    await meet();
    expect(Object.values(filesOf(here, id)).toSorted()).toEqual(["here", "there"]);
    await here.ayo("ticket", "delete", id, "--yes");
    await there.ayo("ticket", "note", id, "still wanted");
    await meet();
    expect(Object.values(filesOf(here, id)).toSorted()).toEqual(["here", "there"]);
  });

  test("of two tickets that were made apart under one id go with each", async () => {
    const front = (created: string): string =>
      `---\nid: x-1\nstatus: open\ncreated: ${created}\n---\n# Made ${created}\n`;
    here.write("x-1", front("2026-01-01T00:00:00Z"));
    there.write("x-1", front("2026-02-02T00:00:00Z"));
    await attachFile(here.open(), { id: "x-1", name: "a.txt", text: "here", note: "see" });
    await attachFile(there.open(), { id: "x-1", name: "a.txt", text: "there", note: "see" });
    await meet();
    const other =
      here
        .files()
        .find((name) => name.startsWith("x-") && name !== "x-1.md")
        ?.slice(0, -3) ?? "";
    expect([filesOf(here, "x-1"), filesOf(here, other)]).toEqual([{ "a.txt": "here" }, { "a.txt": "there" }]);
    expect(here.text(other)).toContain(`(attachments/${other}/a.txt)`);
    expect(here.text(other)).not.toContain("attachments/x-1/");
  });
});

test("a link that somebody else committed among the files is not taken in", async () => {
  const folder = path.join(there.tickets, "attachments", id);
  symlinkSync("/etc/passwd", path.join(folder, "link.png"));
  git(there.tickets, "add", "--force", "attachments");
  git(there.tickets, "commit", "--quiet", "-m", "a link");
  await expect(take(here, there)).rejects.toMatchObject({ code: "git_unsupported" });
  expect(existsSync(path.join(here.tickets, "attachments", id, "link.png"))).toBe(false);
});

test("a link by hand is committed by nobody, read by nobody, and told", async () => {
  const folder = path.join(here.tickets, "attachments", id);
  symlinkSync("/etc/passwd", path.join(folder, "link.png"));
  rmSync(path.join(folder, "old.txt"));
  symlinkSync("/etc/passwd", path.join(folder, "old.txt"));
  await here.here(["ticket", "note", id, "hello"]);
  expect(git(here.tickets, "ls-tree", "-r", "HEAD", "attachments")).not.toContain("120000");
  expect((await here.here(["ticket", "attachment", id, "link.png"])).code).not.toBe(0);
  expect((await here.here(["ticket", "attachment", id, "old.txt"])).stdout).toBe("");
  expect((await here.here(["doctor"])).stdout).toContain(`attachments/${id}/link.png: a symbolic link`);
});

test("an export has them, and an import brings them back: of JSON lines and of a folder", async () => {
  const bytes = Buffer.from([0, 255, 10, 13]);
  await attachFile(here.open(), { id, name: "a.bin", base64: bytes.toString("base64") });
  await here.ayo("export", "-o", "all.jsonl");
  for (const source of [path.join(here.dir, "all.jsonl"), here.tickets]) {
    const other = await tempStore();
    await other.ayo("import", source);
    expect(readFileSync(path.join(other.tickets, "attachments", id, "a.bin")).equals(bytes)).toBe(true);
    expect(other.text(id)).toBe(here.text(id));
    expect(await other.ayo("doctor")).toBe("Nothing is wrong");
    other.judge();
  }
  const lines = readFileSync(path.join(here.dir, "all.jsonl"), "utf8");
  const other = await tempStore();
  mkdirSync(path.join(other.dir, "in"));
  writeFileSync(path.join(other.dir, "in/all.jsonl"), lines.replaceAll("a.bin", "../../x"));
  await other.here(["import", "in/all.jsonl"]);
  expect(existsSync(path.join(other.tickets, "x"))).toBe(false);
  expect(existsSync(path.join(other.tickets, "attachments", id, "a.bin"))).toBe(false);
});
