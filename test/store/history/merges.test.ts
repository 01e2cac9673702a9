import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { git } from "../../helpers/git.ts";
import { hermeticEnv, sharedHome } from "../../helpers/hermeticEnv.ts";
import { sharingTeam } from "../../helpers/team.ts";
import type { TempStore } from "../../helpers/tempStore.ts";

let ann: TempStore;
let bob: TempStore;
let id: string;
beforeEach(async () => {
  ({ ann, bob } = await sharingTeam());
  id = ann.files()[0]?.slice(0, -".md".length) as string;
});

/** Both sync until they have the same. */
async function settle(): Promise<void> {
  for (const store of [ann, bob, ann]) await store.ayo("sync");
}

interface Entry {
  readonly actor: string;
  readonly kind: string;
  readonly subject: string;
  readonly id: string;
  readonly pending?: string;
  readonly changes: Record<string, { from: unknown; to: unknown }>;
}

const entriesOf = async (store: TempStore, ...of: string[]): Promise<readonly Entry[]> =>
  (await store.json<{ entries: Entry[] }>("ticket", "history", ...of)).entries;

describe("the history of a ticket after a merge", () => {
  test("has no edit by hand where nobody edited, whose change of the two was the later", async () => {
    await ann.ayo("ticket", "note", id, "of Ann");
    await bob.ayo("ticket", "close", id);
    await settle();
    for (const store of [ann, bob]) {
      expect(git(store.tickets, "status", "--porcelain")).toBe("");
      const entries = await entriesOf(store, id);
      expect(entries.map(({ pending }) => pending)).toEqual([undefined, undefined, undefined]);
    }
  });

  test("has the edit that somebody made since, against what the merge made", async () => {
    await ann.ayo("ticket", "note", id, "of Ann");
    await bob.ayo("ticket", "close", id);
    await settle();
    writeFileSync(path.join(ann.tickets, `${id}.md`), ann.text(id).replace("# First", "# By hand"));
    const [first, ...rest] = await entriesOf(ann, id);
    expect(first).toMatchObject({ pending: "uncommitted", changes: { title: { from: "First", to: "By hand" } } });
    expect(Object.keys(first?.changes ?? {})).toEqual(["title"]);
    expect(rest.every(({ pending }) => pending === undefined)).toBe(true);
  });

  test("has none of a ticket that one side archived and the other wrote on", async () => {
    await ann.ayo("ticket", "close", id);
    await settle();
    await ann.ayo("ticket", "archive", "--before", "0s");
    await bob.ayo("ticket", "note", id, "of Bob");
    await settle();
    for (const store of [ann, bob])
      expect((await entriesOf(store, id)).filter(({ pending }) => pending !== undefined)).toEqual([]);
  });

  test("tells what a merge changed in a ticket of either side as a change, and the new name of one of two as a new name", async () => {
    const twin = (title: string, created: string): string =>
      `---\nid: ${id}x\nstatus: open\ndeps: []\nlinks: []\ncreated: ${created}\n---\n# ${title}\n`;
    const makes = async (store: TempStore, title: string, created: string): Promise<string> => {
      writeFileSync(path.join(store.tickets, `${id}x.md`), twin(title, created));
      return store.ayo("ticket", "create", `Waits for ${title}`, "--dep", `${id}x`);
    };
    await makes(ann, "Ann's", "2026-11-20T10:00:00Z");
    const waiting = await makes(bob, "Bob's", "2026-11-20T11:00:00Z");
    await settle();
    const ofAyo = (await entriesOf(bob)).filter(({ actor }) => actor === "ayo");
    const renamed = ofAyo.find(({ kind }) => kind === "renamed");
    expect(ofAyo.map((one) => one.kind).sort()).toEqual(["changed", "renamed"]);
    expect(ofAyo.find(({ kind }) => kind === "changed")).toMatchObject({
      id: waiting,
      changes: { deps: { from: [`${id}x`], to: [renamed?.id] } },
    });
    expect(renamed?.changes).toMatchObject({ id: { from: `${id}x`, to: renamed?.id } });
    expect((await entriesOf(ann, renamed?.id as string)).map(({ kind }) => kind)).toEqual(["renamed"]);
  });
});

test("a deleted ticket is said to be deleted, also where the other side changed it there and back later", async () => {
  const old = bob.text(id);
  for (const text of [old.replace("# First", "# Other"), old]) {
    writeFileSync(path.join(bob.tickets, `${id}.md`), text);
    const env = { ...hermeticEnv(sharedHome()), GIT_COMMITTER_DATE: "2099-01-01T00:00:00Z" };
    execFileSync("git", ["commit", "--quiet", "--all", "--message=later"], { cwd: bob.tickets, env });
  }
  await ann.ayo("ticket", "delete", id, "--yes");
  await settle();
  for (const store of [ann, bob]) {
    const { code, stderr } = await store.here(["ticket", "show", id]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(new RegExp(`${id} was deleted .* by Test User`))]);
  }
});
