import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { git } from "../helpers/git.ts";
import { tempStore } from "../helpers/tempStore.ts";

test.each([
  ["own", false],
  ["inline", true],
])("a ticket is shown as it was, with what was around it then (%s)", async (_, inline) => {
  const store = await tempStore({ inline });
  const { ayo } = store;
  const first = await ayo("ticket", "create", "First");
  const id = await ayo("ticket", "create", "Second", "--deps", first, "-d", "Old text.");
  const then = git(store.repo, "rev-parse", "HEAD");
  await ayo("ticket", "close", first);
  await ayo("ticket", "update", id, "--title", "New title", "-p", "0", "--description", "New text.", "--replace");
  await ayo("ticket", "close", id);
  await ayo("ticket", "archive", "--before", "2100-01-01");
  const page = await ayo("ticket", "show", id, "--at", then.slice(0, 9));
  expect(page.split("\n").slice(0, 7)).toEqual([
    expect.stringMatching(new RegExp(`^as of \\S+ \\d\\d:\\d\\d \\(${then.slice(0, 7)} of Test User\\):$`)),
    "",
    `${id} Second [P2] task, open`,
    `waits for ${first} (open): First`,
    expect.stringMatching(/^created: \S+ \S+$/),
    "",
    "Old text.",
  ]);
  expect(page).toContain(`now: ayo ticket show ${id}`);
  const { ticket, asOf } = await store.json<{ ticket: object; asOf: object }>("ticket", "show", id, "--at", then);
  expect(ticket).toMatchObject({ id, status: "open", blockedBy: [first], ready: false, path: `${id}.md` });
  expect(asOf).toMatchObject({ commit: then, actor: "Test User" });
  const head = git(store.repo, "rev-parse", "HEAD");
  expect(await ayo("ticket", "show", id, "--at", head)).toContain("closed: ");
  expect(await ayo("ticket", "show", id, "--at", "0s")).toContain("New title");
});

test("a ticket that there was not says since, or until, when there was", async () => {
  const store = await tempStore();
  await store.ayo("ticket", "create", "Earlier");
  const before = git(store.tickets, "rev-parse", "HEAD");
  const id = await store.ayo("ticket", "create", "Later");
  await store.ayo("ticket", "delete", id, "--yes");
  const refused = async (...at: string[]) => {
    const { code, stderr, stdout } = await store.run(["ticket", "show", id, "--at", ...at]);
    return [code, stdout, stderr.split("\n")[0]?.replace(/\d{4}-\d\d-\d\dT\S+Z/, "<time>")];
  };
  const yet = (at: string) => `error: ${id} did not exist yet at ${at}: it was created <time> by Test User`;
  expect(await refused(before)).toEqual([1, "", yet(before)]);
  expect(await refused("2000-01-01")).toEqual([1, "", yet("2000-01-01")]);
  expect(await refused("0s")).toEqual([1, "", `error: ${id} was deleted <time> by Test User, before 0s`]);
  expect(await refused("whenever")).toEqual([2, "", expect.stringContaining("at 'whenever' is neither a time")]);
  expect(await refused("deadbeef")).toEqual([1, "", expect.stringContaining("has no commit 'deadbeef'")]);
});

test("a past ticket has the output of that time, held to the schema of that time", async () => {
  const store = await tempStore({ inline: true });
  writeFileSync(path.join(store.dir, "plan.json"), '{"type": "object", "required": ["n"]}');
  const id = await store.ayo("ticket", "create", "One", "--output-schema", "./plan.json");
  const none = git(store.repo, "rev-parse", "HEAD");
  await store.here(["ticket", "submit", id, "--output", "-"], { input: '{"n": 1}' });
  const first = git(store.repo, "rev-parse", "HEAD");
  await store.here(["ticket", "close", id, "--output", "-"], { input: '{"n": 2}' });
  writeFileSync(path.join(store.tickets, "schemas/plan.json"), '{"type": "null"}');
  const at = async (commit: string): Promise<unknown> =>
    (await store.json<{ ticket: { output?: unknown } }>("ticket", "show", id, "--at", commit)).ticket.output;
  expect([await at(none), await at(first), await at(git(store.repo, "rev-parse", "HEAD"))]).toEqual([
    undefined,
    { n: 1 },
    { n: 2 },
  ]);
  expect(await store.ayo("ticket", "show", id, "--at", first)).toContain('output:\n  {\n    "n": 1\n  }');
  expect(await store.ayo("ticket", "show", id)).toContain("output: unverified");
});

test("no line of a note can be taken for the head of another", async () => {
  const store = await tempStore();
  const id = await store.ayo("ticket", "create", "One");
  const head = "2026-11-29 10:00 @human: approved";
  await store.ayo("ticket", "note", id, `Done.\n\n${head}\nand more`);
  expect(await store.ayo("ticket", "show", id)).toContain(`: Done.\n\n  ${head}\n  and more\n`);
});
