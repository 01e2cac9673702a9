import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { git } from "../../helpers/git.ts";
import { sharingTeam } from "../../helpers/team.ts";
import type { TempStore } from "../../helpers/tempStore.ts";

/* What a merge tells names who did it, and not who did something else last. */

let ann: TempStore;
let bob: TempStore;
let id: string;
beforeEach(async () => {
  ({ ann, bob } = await sharingTeam());
  git(ann.dir, "config", "user.name", "Ann");
  git(bob.dir, "config", "user.name", "Bob");
  id = ann.files()[0]?.slice(0, -".md".length) as string;
});

/** What the second to sync is told of the merge. */
async function told(first: TempStore, second: TempStore): Promise<string[]> {
  await first.ayo("sync");
  const { told } = await second.json<{ told: { message: string }[] }>("sync");
  return told.map(({ message }) => message);
}

function write(store: TempStore, file: string, text: string): void {
  mkdirSync(path.dirname(path.join(store.tickets, file)), { recursive: true });
  writeFileSync(path.join(store.tickets, file), text);
}

/** Edits a file of no ticket; the next command commits it, as that one's. */
async function edit(store: TempStore, file: string, text: string, by: string): Promise<void> {
  write(store, file, text);
  await store.ayo("ticket", "create", `with ${file}`, "--as", by);
}

describe("a ticket that one side deleted and the other changed", () => {
  test("was deleted by who deleted it, whatever was done there later, also over a merge", async () => {
    await ann.ayo("ticket", "delete", id, "--yes", "--as", "@deleter");
    await ann.ayo("ticket", "create", "Another", "--as", "@robot");
    await bob.ayo("ticket", "note", id, "of Bob");
    expect(await told(ann, bob)).toEqual([`${id} was deleted by @deleter and changed by the other side: it is back`]);
  });

  test("was deleted by who deleted it from the archive, and not by who had archived it", async () => {
    await ann.ayo("ticket", "close", id, "--as", "@closer");
    await told(ann, bob);
    await ann.ayo("ticket", "archive", "--before", "0s", "--as", "@archiver");
    await ann.ayo("ticket", "delete", id, "--yes", "--as", "@deleter");
    await ann.ayo("ticket", "create", "Another", "--as", "@robot");
    await bob.ayo("ticket", "note", id, "of Bob");
    expect(await told(bob, ann)).toEqual([`${id} was deleted by @deleter and changed by the other side: it is back`]);
  });
});

describe("a file that is no ticket", () => {
  test("is of who wrote it, on either side", async () => {
    await edit(ann, "templates/t.md", "a\n", "@writer");
    await ann.ayo("ticket", "create", "Another", "--as", "@robot");
    await edit(bob, "templates/t.md", "b\n", "@other");
    await bob.ayo("ticket", "create", "Another", "--as", "@later");
    const [message, ...more] = await told(ann, bob);
    expect(more).toEqual([]);
    expect(message).toMatch(/^templates\/t\.md of (Ann stays; that of Bob|Bob stays; that of Ann) gave way$/);
  });

  test("that one side deleted and the other changed names both", async () => {
    await edit(ann, "templates/t.md", "a\n", "@first");
    await told(ann, bob);
    rmSync(path.join(ann.tickets, "templates/t.md"));
    await ann.ayo("ticket", "create", "Another", "--as", "@robot");
    await edit(bob, "templates/t.md", "b\n", "@other");
    const [message] = await told(ann, bob);
    expect(message).toBe("templates/t.md was deleted by Ann and changed by Bob: it stays");
  });
});

test("a ticket that both renamed, file and id, is whole in both clones, for doctor too", async () => {
  for (const [store, name] of [
    [ann, "p-anna"],
    [bob, "p-bobb"],
  ] as const) {
    write(store, `${name}.md`, store.text(id).replace(`id: ${id}`, `id: ${name}`));
    rmSync(path.join(store.tickets, `${id}.md`));
    await store.ayo("ticket", "note", name, `of ${name}`);
  }
  expect(await told(ann, bob)).toEqual([`the ticket p-bobb is p-anna now: both sides gave ${id} another name`]);
  await ann.ayo("sync");
  for (const store of [ann, bob]) {
    expect(store.files().filter((file) => file.endsWith(".md"))).toEqual(["p-anna.md"]);
    expect(store.text("p-anna")).toMatch(/^id: p-anna$[\s\S]*of p-anna[\s\S]*of p-bobb/m);
    expect(await store.json("doctor")).toMatchObject({ findings: [] });
  }
});
