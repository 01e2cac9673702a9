import { expect, test } from "vitest";
import { rankTickets } from "../../src/index.ts";
import { git } from "../helpers/git.ts";
import { type TempStore, tempStore, writeTickets } from "../helpers/tempStore.ts";

/** Three tickets of one priority, made one after the other, and an older one of another. */
async function someTickets(): Promise<TempStore> {
  const store = await tempStore({ project: true });
  writeTickets(store, {
    "t-a": "A\ncreated: 2026-11-20T10:00:00Z",
    "t-b": "B\ncreated: 2026-11-20T11:00:00Z",
    "t-c": "C\ncreated: 2026-11-20T12:00:00Z",
    "t-0": "Zero\npriority: 1\ncreated: 2026-11-20T13:00:00Z",
  });
  await store.ayo("ticket", "note", "t-0", "So that the edits by hand are committed.");
  return store;
}

const ready = (store: TempStore): Promise<string> =>
  store.ayo("ticket", "ready", "-q").then((text) => text.replaceAll("\n", " "));

test("people order what ready, lists, the board and claims go by; each order is one commit that can be taken back", async () => {
  const store = await someTickets();
  expect(await ready(store)).toBe("t-0 t-a t-b t-c");
  const commits = store.subjects().length;
  expect(await store.ayo("ticket", "rank", "t-c", "--before", "t-b")).toBe("Ranked t-c: before t-b");
  expect(store.subjects().slice(0, -commits)).toEqual(["rank t-c: C, before t-b"]);
  // What stands before it needs a rank, too.
  expect([store.text("t-a"), store.text("t-c"), store.text("t-b")].map((text) => /rank: (.*)/.exec(text)?.[1])).toEqual(
    ["a0", "a1", undefined],
  );
  expect(await ready(store)).toBe("t-0 t-a t-c t-b");
  expect(await store.ayo("ticket", "list", "-q")).toBe("t-0\nt-a\nt-c\nt-b");
  const { columns } = await store.json<{ columns: { tickets: { id: string; rank?: string }[] }[] }>("board");
  expect(columns[0]?.tickets.map(({ id, rank }) => `${id} ${rank}`)).toEqual([
    "t-0 undefined",
    "t-a a0",
    "t-c a1",
    "t-b undefined",
  ]);
  await store.ayo("ticket", "close", "t-0");
  await store.ayo("ticket", "rank", "t-b", "t-c", "--first");
  expect(await ready(store)).toBe("t-b t-c t-a");
  await store.ayo("undo");
  expect(await ready(store)).toBe("t-a t-c t-b");
  await store.ayo("ticket", "rank", "t-b", "t-c", "--first");
  expect(await store.ayo("ticket", "rank", "t-c", "t-b", "--dry-run", "--first")).toBe("Would rank t-c, t-b: first");
  expect(await ready(store)).toBe("t-b t-c t-a");
  expect(
    (await store.json<{ tickets: { id: string }[] }>("ticket", "claim", "--next", "--as", "coder")).tickets[0]?.id,
  ).toBe("t-b");
  await store.ayo("ticket", "release", "t-b", "--as", "coder");
  await store.ayo("ticket", "rank", "t-b", "--clear");
  expect(await ready(store)).toBe("t-c t-a t-b");
  store.judge();
});

test("who is put beside a ticket of another priority gets that; order is by column, and for what is not finished", async () => {
  const store = await someTickets();
  const { tickets, place } = await rankTickets(store.open(), { ids: ["t-c", "t-b"], after: "t-0" });
  expect(place).toBe("after t-0");
  expect(tickets.map(({ id, priority }) => [id, priority])).toEqual([
    ["t-c", 1],
    ["t-b", 1],
  ]);
  expect(await ready(store)).toBe("t-0 t-c t-b t-a");
  const [changes] = git(store.repo, "log", "-1", "--format=", "--name-only").split("\n\n");
  expect(changes?.split("\n").sort()).toEqual(["t-0.md", "t-b.md", "t-c.md"]);
  await store.ayo("ticket", "start", "t-c");
  expect(await store.ayo("ticket", "rank", "t-c", "--last")).toMatch("t-c");
  // Nobody else is in its column: the others keep what they have.
  expect(git(store.repo, "log", "-1", "--format=", "--name-only")).toBe("t-c.md");
  await store.ayo("ticket", "close", "t-a");
  for (const [args, why] of [
    [["t-b", "--before", "t-a"], "t-a is closed: finished tickets have no order by hand"],
    [["t-a", "--first"], "t-a is closed: finished tickets have no order by hand"],
    [["t-b", "--after", "t-b"], "t-b cannot come after itself"],
    [["t-b"], "name one place"],
    [["t-b", "--first", "--last"], "name one place"],
    [["t-b", "--before", "t-nobody"], "t-nobody"],
  ] as const) {
    const { code, stderr } = await store.here(["ticket", "rank", ...args]);
    expect([code === 0, stderr]).toEqual([false, expect.stringContaining(why)]);
  }
  store.judge();
});

test("a rank that is none sorts as none, is told by doctor, and is replaced", async () => {
  const store = await tempStore({ project: true });
  writeTickets(store, {
    "t-a": "A\nrank: 5\ncreated: 2026-11-20T10:00:00Z",
    "t-b": "B\nrank: [a0]\ncreated: 2026-11-20T11:00:00Z",
    "t-c": `C\nrank: a${"1".repeat(200)}\ncreated: 2026-11-20T12:00:00Z`,
    "t-d": "D\nrank: a0V\ncreated: 2026-11-20T13:00:00Z",
  });
  expect(await ready(store)).toBe("t-d t-a t-b t-c");
  const { findings }: { findings: { code: string; id: string; message: string }[] } = JSON.parse(
    (await store.here(["doctor", "--json"])).stdout,
  );
  expect(findings.filter(({ code }) => code === "bad_value").map(({ id, message }) => `${id} ${message}`)).toEqual([
    expect.stringMatching(/^t-a rank 5 is not a place such as a0V, which 'ayo ticket rank' makes, and is passed over/),
    expect.stringMatching(/^t-b rank/),
    expect.stringMatching(/^t-c rank/),
  ]);
  await store.ayo("ticket", "rank", "t-c", "--before", "t-d");
  expect(store.text("t-c")).toContain("\nrank: a0\n");
  await store.ayo("ticket", "rank", "t-a", "--clear");
  expect(store.text("t-a")).not.toContain("rank");
  expect((await store.here(["ticket", "update", "t-a", "--set", "rank=5"])).stderr).toContain("takes a place");
  store.judge();
});
