import { expect, test } from "vitest";
import { git } from "../../helpers/git.ts";
import { trackedRepo } from "../../helpers/github/trackedRepo.ts";

const commitOf = (repo: string, subject: string): string =>
  git(repo, "log", "--format=%h", `--grep=^${subject}`, "-1").trim();

test("what a sync brought and is undone is told as deleted, also with the first yes; pulled, it is made again", async () => {
  const { ayo, run, sync, store, world, ticketOf, quiet } = await trackedRepo();
  const theirs = world.create({ title: "Theirs" }, "mara");
  await sync();
  const id = ticketOf(theirs);
  await ayo("undo", commitOf(store.repo, "github: bring"));
  expect(await ayo("tracker", "status")).toContain("\n0 tickets linked");
  await ayo("ticket", "create", "Ours", "-q");
  const said = `${id}: ${id} was deleted here; #1 stays as it is\n`;
  expect((await run("sync", "github", "--yes")).stderr).toBe(said);
  const pulled = await run("tracker", "pull", "#1", "--yes");
  expect(pulled.stderr).toBe(`${id}: ${id} was deleted here, and is made again of #1\n`);
  expect([ticketOf(theirs), world.issues.size]).toEqual([id, 2]);
  await quiet();
});

test("what came while a yes is missing is told with the question", async () => {
  const { ayo, run, sync, store, world, ticketOf } = await trackedRepo();
  const theirs = world.create({ title: "Theirs" }, "mara");
  await sync();
  const id = ticketOf(theirs);
  await ayo("undo", commitOf(store.repo, "github: bring"));
  await ayo("ticket", "create", "Ours", "-q");
  const { code, stderr } = await run("sync");
  expect([code, stderr]).toEqual([1, expect.stringContaining(`${id} was deleted here; #1 stays as it is\n`)]);
});

test("an undo of what a sync kept takes the name of its item off a ticket: the next sync puts it back, once", async () => {
  const { ayo, run, sync, store, issueOf, quiet } = await trackedRepo();
  const one = await ayo("ticket", "create", "One", "-q");
  await sync();
  expect(issueOf(one).number).toBe(1);
  await ayo("undo", commitOf(store.repo, "github: keep"));
  expect(store.text(one)).not.toContain("external-ref");
  const { stdout } = await run("sync", "github");
  expect([stdout, store.subjects()[0]]).toEqual([
    "Nothing new at github (acme/web)\n",
    "github: name the items of 1 ticket again",
  ]);
  expect(issueOf(one).number).toBe(1);
  await quiet();
  await ayo("ticket", "update", one, "--external-ref", "JIRA-1");
  await quiet();
  expect(store.text(one)).toContain("external-ref: 'JIRA-1'");
});

test("what was refused stands in the status until it is sent, with the reason where it was heard here", async () => {
  const { ayo, run, sync, store, world, issueOf } = await trackedRepo();
  await ayo("config", "trackers.github.comments", "people");
  const one = await ayo("ticket", "create", "One", "-q");
  await sync();
  const issue = issueOf(one);
  issue.isLocked = true;
  await ayo("ticket", "note", one, "A word.");
  expect((await run("sync", "github", "--yes")).code).toBe(1);
  expect((await run("sync", "github", "--yes")).code).toBe(0);
  const said = `comment was refused: GitHub: Unable to create comment because issue is locked. When it is unlocked, 'ayo sync github --whole' sends it again`;
  const status = await ayo("tracker", "status");
  expect(status).toContain(`\nrefused: ${one}: ${said}\nwhat was refused is sent again when it changes`);
  const { trackers } = await store.json<{ trackers: object[] }>("tracker", "status");
  expect(trackers).toMatchObject([{ left: [], refused: [{ id: one, part: "comment", why: said }] }]);
  issue.isLocked = false;
  await sync("--whole");
  expect([...world.comments.values()].map(({ body }) => body.split("\n")[0])).toEqual(["A word."]);
  expect(await ayo("tracker", "status")).not.toContain("refused");
});
