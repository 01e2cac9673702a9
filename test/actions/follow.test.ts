import { describe, expect, test } from "vitest";
import { collaboratorsOf } from "../../src/ticket/rules/collaborators.ts";
import { sharingTeam } from "../helpers/team.ts";
import { type TempStore, tempStore } from "../helpers/tempStore.ts";

const PERSON = "Test User";

async function collaborators(store: TempStore, id: string): Promise<unknown> {
  return (await store.json<{ ticket: { collaborators?: unknown } }>("ticket", "show", id)).ticket.collaborators;
}

describe("who follows a ticket", () => {
  test("is the caller, or who is named, once; roles change in place", async () => {
    const store = await tempStore({ project: true });
    const id = await store.ayo("ticket", "create", "Build login", "-a", "@rex");
    expect(await store.ayo("ticket", "follow", id)).toBe(`${PERSON} follows ${id}`);
    expect(await store.ayo("ticket", "follow", id, "--as", "coder")).toBe(`@coder follows ${id}`);
    expect(await store.ayo("ticket", "follow", id, "@rex", "--role", "owner")).toBe(`@rex follows ${id} as owner`);
    expect(await collaborators(store, id)).toEqual([PERSON, "@coder", "@rex=owner"]);
    const commits = store.subjects().length;
    for (const who of [[], ["me"], ["@Rex"], ["user"]]) {
      const again = await store.json("ticket", "follow", id, ...who);
      expect(again).toMatchObject({ changed: false, commit: null });
    }
    expect(await store.json("ticket", "follow", id, "user", "--as", "coder")).toMatchObject({
      follower: { who: PERSON, role: "contributor" },
      changed: false,
    });
    expect(store.subjects().length).toBe(commits);
    await store.ayo("ticket", "follow", id, "@rex", "--role", "contributor");
    await store.ayo("ticket", "follow", id, "--role", "owner");
    expect(await collaborators(store, id)).toEqual(["@coder", "@rex", `${PERSON}=owner`]);
    store.judge();
  });

  test("no longer, by any of his names; the key goes with the last", async () => {
    const store = await tempStore({ project: true });
    const id = await store.ayo("ticket", "create", "Build login");
    await store.ayo("ticket", "follow", id, "--role", "owner");
    await store.ayo("ticket", "follow", id, "--as", "coder");
    expect(await store.ayo("ticket", "unfollow", id, "@nobody")).toBe(`Unchanged ${id}: @nobody does not follow it`);
    expect(await store.ayo("ticket", "unfollow", id, "@test")).toBe(`${PERSON} follows ${id} no longer`);
    expect(await store.ayo("ticket", "unfollow", id, "--as", "coder")).toBe(`@coder follows ${id} no longer`);
    expect(store.text(id)).not.toContain("collaborators");
    await store.ayo("undo", "--as", "coder");
    expect(await collaborators(store, id)).toEqual(["@coder"]);
  });

  test("of a closed ticket too, by others, in a dry run and a batch; odd names are refused, unknown ones told", async () => {
    const store = await tempStore({ project: true });
    const id = await store.ayo("ticket", "create", "Build login", "-a", "@coder");
    await store.ayo("ticket", "close", id);
    expect((await store.json("ticket", "follow", id, "@codr", "--dry-run")).notices).toEqual([
      "nobody is known here as @codr: did you mean @coder?",
    ]);
    const line = JSON.stringify({ op: "follow", id, who: "@coder", role: "owner" });
    await store.here(["ticket", "batch", "-"], { input: `${line}\n` });
    expect(await collaborators(store, id)).toEqual(["@coder=owner"]);
    for (const who of ["@a=owner", "a,b", "@a b", ""]) {
      expect((await store.here(["ticket", "follow", id, who])).code).not.toBe(0);
    }
    expect((await store.here(["ticket", "follow", id, "@x", "--role", "boss"])).code).not.toBe(0);
  });

  test("is merged name by name, and an owner on one machine stays one", async () => {
    const { ann, bob } = await sharingTeam();
    const id = ann.files()[0]?.slice(0, -".md".length) as string;
    await ann.ayo("ticket", "follow", id, "@rex");
    await bob.ayo("ticket", "follow", id, "@rex", "--role", "owner");
    await bob.ayo("ticket", "follow", id, "@tester");
    for (const store of [ann, bob, ann]) await store.ayo("sync");
    const all = (await collaborators(ann, id)) as string[];
    expect(await collaborators(bob, id)).toEqual(all);
    expect(collaboratorsOf(all).toSorted((one, other) => one.who.localeCompare(other.who))).toEqual([
      { who: "@rex", role: "owner" },
      { who: "@tester", role: "contributor" },
    ]);
    await ann.ayo("ticket", "unfollow", id, "@rex");
    expect(await collaborators(ann, id)).toEqual(["@tester"]);
  });
});
