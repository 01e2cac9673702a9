import { cpSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { git } from "../../helpers/git.ts";
import { trackedStore } from "../../helpers/linear/trackedStore.ts";

const BAD_CONFIG = { code: "bad_config", severity: "error", path: "config.yml" };

describe("what came from a tracker waits for a person", () => {
  test("an agent is not offered it, nor called by it, and its undo does not accept it", async () => {
    const { ayo, run, sync, store, world, issueOf, ticketOf, quiet } = await trackedStore();
    const ours = await ayo("ticket", "create", "Ours", "-q", "--assignee", "@coder", "-p", "3");
    await sync();
    const there = world.create({ title: "Urgent", priority: 1, description: "Hi @coder" }, "user-jo");
    world.comment({ issueId: issueOf(ours).id, body: "@coder do it" }, "user-jo");
    await sync();
    const theirs = ticketOf(there);
    const claimed = await ayo("ticket", "claim", "--next", "--as", "@coder", "--dry-run", "-q");
    expect(claimed).not.toContain(theirs);
    expect(await ayo("inbox", "--as", "@coder", "--json")).not.toContain("mention");
    world.update(issueOf(ours).id, { priority: 1 }, "user-jo");
    await sync();
    const [commit = ""] = git(store.repo, "log", "-1", "--format=%h").split("\n");
    world.update(issueOf(ours).id, { description: "EVIL" }, "user-jo");
    await sync();
    await run("undo", commit, "--as", "@coder");
    expect(store.text(ours)).toMatch(/^origin: linear$/m);
    expect(store.text(ours)).toContain("EVIL");
    await ayo("ticket", "accept", theirs);
    expect(await ayo("ticket", "claim", "--next", "--as", "@coder", "--dry-run", "-q")).toContain(theirs);
    await quiet();
  });

  test("what passes a gate there frees nothing here before a person says yes", async () => {
    const { ayo, sync, store, world, issueOf, quiet } = await trackedStore();
    await ayo("config", "review", "required");
    const one = await ayo("ticket", "create", "One", "-q");
    const two = await ayo("ticket", "create", "Two", "--dep", one, "-q");
    await ayo("ticket", "start", one, "--as", "@w");
    await ayo("ticket", "submit", one, "--as", "@w", "-m", "Done.");
    await sync();
    world.update(issueOf(one).id, { stateId: "state-done" }, "user-mara");
    await sync();
    expect(store.text(one)).toMatch(/^unconfirmed: \[status\]$/m);
    expect(await ayo("ticket", "ready", "-q")).not.toContain(two);
    expect(await ayo("inbox")).toContain(one);
    await ayo("ticket", "confirm", one);
    expect(await ayo("ticket", "ready", "-q")).toContain(two);
    await quiet();
  });

  test("a claim stays under whatever is moved there, but for its end; what became of it is in the ticket", async () => {
    const { ayo, sync, store, world, issueOf, quiet } = await trackedStore();
    const id = await ayo("ticket", "create", "One", "-q");
    await ayo("ticket", "claim", id, "--as", "@a");
    await sync();
    const { id: key } = issueOf(id);
    world.update(key, { stateId: "state-todo" }, "user-mara");
    await sync();
    expect(store.text(id)).toMatch(/^status: in_progress$/m);
    expect(store.text(id)).toMatch(/^claimed-by: '@a'$/m);
    expect(store.text(id)).toContain("In linear it was moved to open. @a has it, so it stays here as it is.");
    expect(world.issue(key).state).toBe("state-in-progress");
    await quiet();
    world.update(key, { stateId: "state-done" }, "user-mara");
    await sync();
    expect(store.text(id)).toMatch(/^status: closed$/m);
    expect(store.text(id)).not.toMatch(/^claimed-by/m);
    expect(store.text(id)).toContain("which ended the claim of @a.");
    await quiet();
  });

  test("how much goes there is a person's yes, also where it is changed by hand", async () => {
    const { ayo, run, store, world } = await trackedStore("linked");
    const one = await ayo("ticket", "create", "One", "-q");
    await ayo("tracker", "publish", one, "--yes");
    await ayo("ticket", "create", "Secret", "-q");
    const config = path.join(store.tickets, "config.yml");
    writeFileSync(config, readFileSync(config, "utf8").replace("push: linked", "push: all"));
    const { code, stderr } = await run("sync", "linear", "--as", "@a1");
    expect([code, stderr]).toEqual([1, expect.stringContaining("only a person can say yes")]);
    expect([...world.issues.values()].map(({ title }) => title)).toEqual(["One"]);
  });
});

test("states that no column is stay as they are there, on a board with other columns", async () => {
  const { ayo, sync, store, world, linear, quiet } = await trackedStore();
  const config = path.join(store.tickets, "config.yml");
  const columns = ["backlog: todo", "building: active", "done: done"].map((one) => one.split(": "));
  const board = columns.map(([id, category]) => `    - {id: ${id}, category: ${category}}\n`).join("");
  writeFileSync(config, `${readFileSync(config, "utf8")}board:\n  columns:\n${board}`);
  await ayo("tracker", "add", "linear", "--team", "ENG", "--url", linear.url, "--yes");
  const before = world.states.map(({ id, name }) => [world.create({ title: name, stateId: id }, "user-jo").id, id]);
  await sync();
  expect(before.map(([id = ""]) => [id, world.issue(id).state])).toEqual(before);
  await quiet();
});

test("published after it was taken off its issue, a ticket has that one again; two pairs of one issue are refused", async () => {
  const { ayo, run, store, world, issueOf, quiet } = await trackedStore("linked");
  const [one, two] = [await ayo("ticket", "create", "One", "-q"), await ayo("ticket", "create", "Two", "-q")];
  await ayo("tracker", "publish", one, two, "--yes");
  const { id } = issueOf(one);
  expect((await run("tracker", "unlink", one, "--as", "@a1")).code).toBe(1);
  await ayo("tracker", "unlink", one);
  await ayo("tracker", "publish", one);
  expect([world.issues.size, issueOf(one).id]).toEqual([2, id]);
  await quiet();
  const pair = (name: string): string => path.join(store.tickets, `sync/linear/${name}.json`);
  cpSync(pair(one), pair(two));
  const { code, stderr } = await run("sync", "linear");
  const [kept = "", copy = ""] = [one, two].sort();
  const said = `sync/linear/${copy}.json: names the item of ${kept}: of it and sync/linear/${kept}.json one is a copy`;
  expect([code, stderr]).toEqual([1, expect.stringContaining(said)]);
  expect(await ayo("tracker", "status")).toContain(`not synced: ${said}`);
  const { findings } = JSON.parse((await run("doctor", "--json")).stdout) as { findings: object[] };
  expect(findings).toMatchObject([{ code: "bad_sync_file", severity: "error", path: `sync/linear/${copy}.json` }]);
});

test("what config.yml says of trackers and views and makes no sense is named by doctor, and by status", async () => {
  const { run, store } = await trackedStore("linked");
  const config = path.join(store.tickets, "config.yml");
  const text = readFileSync(config, "utf8").replace("push: linked", "push: some");
  writeFileSync(config, `${text}views:\n  mine: {filter: 'is:open', colour: red}\n`);
  const { code, stderr } = await run("tracker", "status");
  expect([code, stderr]).toEqual([2, expect.stringContaining("config.yml: trackers.linear.push must be one of")]);
  const { findings } = JSON.parse((await run("doctor", "--json")).stdout) as { findings: object[] };
  expect(findings).toMatchObject([
    { ...BAD_CONFIG, target: "trackers.linear.push", message: expect.stringContaining("nothing is synced with a") },
    { ...BAD_CONFIG, target: "views.mine.colour", message: expect.stringContaining("no view can be used") },
  ]);
});

test("a page shows what stands behind notes in code", async () => {
  const { ayo } = await trackedStore();
  const id = await ayo("ticket", "create", "One", "-d", "A.\n\n```\n## Notes\n```\n\nBehind.", "-q");
  expect(await ayo("ticket", "show", id)).toContain("Behind.");
});

test("an issue that went elsewhere gets nothing any more", async () => {
  const { ayo, sync, store, world, issueOf, quiet } = await trackedStore();
  const id = await ayo("ticket", "create", "One", "-q");
  await sync();
  const { id: key } = issueOf(id);
  world.issue(key).team = "team-ops";
  await ayo("ticket", "note", id, "Only for ENG.");
  await sync();
  expect(world.comments.size).toBe(0);
  expect(store.text(id)).toContain("was moved elsewhere");
  await quiet();
});
