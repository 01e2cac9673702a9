import path from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { syncStore } from "../../../src/index.ts";
import { git } from "../../helpers/git.ts";
import { startServe } from "../../helpers/serveProcess.ts";
import { bundlesOf, carry, fetchAndSync, sandbox } from "../../helpers/syncing/outboxes.ts";
import { sharingTeam, type Team } from "../../helpers/team.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import type { TempStore } from "../../helpers/tempStore.ts";

let made: Team & { ann: TempStore };
let ann: TempStore;
let agent: TempStore;
let id: string;
beforeEach(async () => {
  made = await sharingTeam();
  ({ ann } = made);
  agent = await sandbox(made, "agent");
  id = ann.files()[0]?.slice(0, -".md".length) as string;
  await agent.ayo("ticket", "note", id, "x", "--as", "@coder");
});

describe("only branches of the remote that the tickets are shared by are looked into", () => {
  beforeEach(async () => {
    await carry(agent);
    git(made.hub, "update-ref", "refs/pull/7/head", "refs/heads/agent");
    git(made.hub, "branch", "--quiet", "-D", "agent");
  });

  test("not pull requests, which everybody may open, though they are fetched beside them", async () => {
    git(ann.dir, "config", "--add", "remote.origin.fetch", "+refs/pull/*/head:refs/remotes/origin/pr/*");
    expect((await fetchAndSync(ann)).outbox).toEqual([]);
    expect(git(ann.dir, "rev-parse", "origin/pr/7")).toBe(git(made.hub, "rev-parse", "refs/pull/7/head"));
  });

  test("not other remotes, and nothing where the tickets have a repository of their own", async () => {
    git(ann.dir, "remote", "add", "fork", agent.dir);
    git(ann.dir, "fetch", "--quiet", "fork");
    expect((await fetchAndSync(ann)).outbox).toEqual([]);
    const own = path.join(tempDir(), "tickets.git");
    git(tempDir(), "init", "--quiet", "--bare", own);
    git(ann.dir, "push", "--quiet", "origin", "fork/agent:refs/heads/agent");
    await ann.ayo("sync", "--remote", own, "--yes");
    expect((await fetchAndSync(ann)).outbox).toEqual([]);
    expect(bundlesOf(agent)).toHaveLength(1);
  });
});

test("a store says by sync.outbox: false that a branch is no way to its tickets", async () => {
  await carry(agent);
  await ann.ayo("config", "sync.outbox", "false");
  expect(await fetchAndSync(ann)).toMatchObject({ outbox: [], notices: [] });
  expect(ann.text(id)).not.toMatch(/^x$/m);
  await agent.ayo("sync");
  await agent.ayo("ticket", "note", id, "y", "--as", "@coder");
  expect((await agent.here(["sync", "--outbox"])).stderr).toContain("config.yml says sync.outbox: false");
});

test("a ref that is no branch for the tickets: what the last contact saw is what an outbox goes on from", async () => {
  await ann.ayo("config", "sync.ref", "refs/ayo/tickets");
  await ann.ayo("sync");
  await agent.ayo("sync");
  await agent.ayo("sync");
  await agent.ayo("ticket", "note", id, "y", "--as", "@coder");
  await carry(agent);
  expect(await fetchAndSync(ann)).toMatchObject({ outbox: [{ state: "taken" }] });
  expect(ann.text(id)).toMatch(/^y$/m);
});

test("programs write and find one by the library, and hear of it by REST", async () => {
  const wrote = await syncStore(agent.open(), { outbox: true });
  expect(wrote).toMatchObject({ came: 0, went: 0, outbox: [{ state: "written", commits: 1, branches: [] }] });
  expect(wrote.outbox[0]?.path).toBe(path.join(agent.dir, ".ayo-outbox", bundlesOf(agent)[0] as string));
  await carry(agent);
  git(ann.dir, "fetch", "--quiet");
  const { ask } = await startServe(ann.dir);
  expect((await ask("/api/sync", { body: {} })).json).toMatchObject({
    came: 1,
    outbox: [{ state: "taken", deletable: true, branches: ["origin/agent"] }],
  });
});
