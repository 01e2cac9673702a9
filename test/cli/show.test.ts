import { rmSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { git } from "../helpers/git.ts";
import { tempStore } from "../helpers/tempStore.ts";

test("a page says when a ticket was made and when it is due, and with --history by whom", async () => {
  const { ayo, json } = await tempStore();
  const late = await ayo("ticket", "create", "Late", "--due", "2020-01-31");
  const early = await ayo("ticket", "create", "Early", "--due", "2999-01-31", "--as", "@ann");
  expect(await ayo("ticket", "show", late)).toMatch(/^overdue: 2020-01-31\ncreated: \d{4}-\d\d-\d\d \d\d:\d\d$/m);
  expect(await ayo("ticket", "show", early)).toMatch(/^due: 2999-01-31$/m);
  const page = await ayo("ticket", "show", early, "--history");
  expect(page).toMatch(/^created: \S+ \S+ by @ann$/m);
  expect(page).toMatch(/^history:\n\S+ \S+ {2}@ann {2}created: Early$/m);
  expect(await json("ticket", "show", late)).toMatchObject({ overdue: true });
  expect(await json("ticket", "show", early, "--history")).toMatchObject({
    overdue: false,
    history: [{ kind: "created", actor: "@ann" }],
  });
  await ayo("ticket", "close", late);
  expect(await ayo("ticket", "show", late)).toMatch(/^due: 2020-01-31\nclosed: \S+ \d\d:\d\d$/m);
});

test("an id that was deleted says when and by whom, and the line that is offered brings it back", async () => {
  const store = await tempStore();
  const { ayo } = store;
  const id = await ayo("ticket", "create", "Gone");
  await ayo("ticket", "create", "Stays");
  await ayo("ticket", "delete", id, "--yes", "--as", "@ann");
  await ayo("ticket", "create", "Later");
  const commit = git(store.tickets, "log", "--format=%H", "--diff-filter=D", "-1");
  for (const wanted of [id, id.slice(-4)]) {
    const refused = await store.run(["ticket", "show", wanted, "--json"]);
    expect(refused.code).toBe(1);
    const { error } = JSON.parse(refused.stderr);
    expect(error.message).toMatch(new RegExp(`^${id} was deleted \\S+Z by @ann: Gone$`));
    expect(error).toMatchObject({ code: "not_found", data: { id, deleted: { by: "@ann", commit } } });
    expect(error.try).toEqual(["ayo", "undo", commit.slice(0, 10)]);
  }
  await ayo("undo", commit.slice(0, 10));
  expect(await ayo("ticket", "show", id)).toContain("Gone");
});

test("an id whose file was removed by hand says that", async () => {
  const store = await tempStore();
  const id = await store.ayo("ticket", "create", "Removed");
  rmSync(path.join(store.tickets, `${id}.md`));
  const { stderr } = await store.run(["ticket", "show", id]);
  expect(stderr).toBe(`error: the file of ${id} was removed by hand\ntry: ayo undo ${id}\n`);
  expect((await store.run(["ticket", "show", "never-was"])).stderr).toContain("ticket 'never-was' not found");
});

test("every verb that is given a deleted id says that it was deleted, and the line that brings it back", async () => {
  const { ayo, here } = await tempStore();
  const id = await ayo("ticket", "create", "Gone");
  const other = await ayo("ticket", "create", "Here");
  await ayo("ticket", "delete", id, "--yes");
  const lines: string[][] = [
    ["note", id, "x"],
    ["dep", "add", other, id],
    ["dep", "add", id, other],
    ["dep", "tree", id],
    ["link", other, id],
    ["unlink", id, other],
    ["create", "Part", "--parent", id],
    ["create", "Late", "--deps", id],
    ["update", id, "-p", "1"],
    ["update", other, "--parent", id],
    ["update", other, "--add-dep", id],
    ["graph", id],
    ["commits", id],
    ["duplicate", other, "--of", id],
    ["confirm", id],
    ["show", id],
    ["edit", id],
    ["assign", id, "kim"],
    ["status", id, "closed"],
    ["check", id, "1"],
    ["ask", id, "x"],
    ["answer", id, "x"],
    ["delete", id, "--yes"],
    ["claim", id],
    ...["close", "start", "block", "unblock", "cancel", "fail", "submit", "approve", "reject", "reopen", "release"].map(
      (verb) => [verb, id],
    ),
  ];
  for (const line of lines) {
    const { code, stderr } = await here(["ticket", ...line, ...(line[0] === "reject" ? ["-m", "x"] : [])]);
    const said = [stderr.split("\n")[0], stderr.split("\n")[1]];
    expect([line, code, said]).toEqual([
      line,
      1,
      [
        expect.stringMatching(new RegExp(`^error: ${id} was deleted \\S+Z by Test User: Gone$`)),
        expect.stringMatching(/^try: ayo undo [0-9a-f]{10}$/),
      ],
    ]);
  }
  const batch = await here(["ticket", "batch"], { input: `${JSON.stringify({ op: "close", id })}\n` });
  expect(batch.stderr).toContain(`${id} was deleted`);
  const hooks = await here(["hooks", "run", "ticket.closed", id]);
  expect(hooks.stderr).toContain(`${id} was deleted`);
  // What was never an id is told as before.
  expect((await here(["ticket", "note", "nope", "x"])).stderr).toContain("ticket 'nope' not found");
});
