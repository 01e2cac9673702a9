import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { syncStore } from "../../../src/index.ts";
import { git } from "../../helpers/git.ts";
import { startServe } from "../../helpers/serveProcess.ts";
import {
  type Answer,
  bundleOf,
  bundlesOf,
  carry,
  fetchAndSync,
  push,
  sandboxTeam,
} from "../../helpers/syncing/outboxes.ts";
import { type SharingTeam, tipOf } from "../../helpers/team.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import { storeIn, type TempStore } from "../../helpers/tempStore.ts";

let made: SharingTeam;
let ann: TempStore;
let agent: TempStore;
let id: string;
beforeEach(async () => {
  ({ made, ann, agent, id } = await sandboxTeam());
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

describe("what is not here yet, or not here any more", () => {
  test("a bundle that goes on from what is not here waits, and is taken in when that comes", async () => {
    await agent.ayo("ticket", "note", id, "one", "--as", "@coder");
    const middle = tipOf(agent);
    await agent.ayo("ticket", "note", id, "two", "--as", "@coder");
    const late = bundleOf(agent.tickets, "refs/ayo/outbox", "--not", middle);
    mkdirSync(path.join(agent.dir, ".ayo-outbox"));
    writeFileSync(path.join(agent.dir, ".ayo-outbox", "a-0123456789ab.bundle"), late);
    push(agent);
    const why = `what it goes on from is not here: ${middle.slice(0, 12)}`;
    expect(await fetchAndSync(ann)).toMatchObject({ came: 0, outbox: [{ state: "refused", why }] });
    expect(await fetchAndSync(ann)).toMatchObject({ notices: [], outbox: [{ state: "refused" }] });
    git(agent.tickets, "push", "--quiet", made.hub, `${middle}:refs/heads/ayo/tickets`);
    const answer = await fetchAndSync(ann);
    expect(answer).toMatchObject({
      came: 3,
      outbox: [{ state: "taken" }],
      notices: [expect.stringContaining("is taken in")],
    });
    expect(ann.text(id)).toMatch(/one[\s\S]*two/);
  });

  test("a store that was put back takes it in again", async () => {
    await carry(agent);
    const before = tipOf(ann);
    await fetchAndSync(ann);
    git(ann.tickets, "reset", "--quiet", "--hard", before);
    git(made.hub, "update-ref", "refs/heads/ayo/tickets", before);
    expect(await fetchAndSync(ann)).toMatchObject({ outbox: [{ state: "taken" }] });
    expect(ann.text(id)).toMatch(/^x$/m);
  });

  test("a clone of the project without the file says so, and takes it in once it is there", async () => {
    const name = await carry(agent);
    git(made.hub, "config", "uploadpack.allowFilter", "true");
    git(made.hub, "config", "uploadpack.allowAnySHA1InWant", "true");
    const dir = path.join(tempDir(), "partial");
    git(tempDir(), "clone", "--quiet", "--filter=blob:none", `file://${made.hub}`, dir);
    const partial = storeIn(dir);
    expect(await partial.json<Answer>("sync")).toMatchObject({
      outbox: [{ state: "refused", why: "this clone of the project has not got the file" }],
    });
    const treeless = storeIn(path.join(tempDir(), "treeless"));
    git(tempDir(), "clone", "--quiet", "--filter=tree:0", `file://${made.hub}`, treeless.dir);
    const why = "this clone of the project has not got what lies in it, or has it damaged";
    expect(await treeless.json<Answer>("sync")).toMatchObject({
      outbox: [{ file: ".ayo-outbox", state: "refused", why }],
    });
    git(dir, "cat-file", "-p", `origin/agent:.ayo-outbox/${name}`);
    expect(await partial.json<Answer>("sync")).toMatchObject({ outbox: [{ state: "taken" }] });
  });
});

test("one of many branches is found, whether git is asked or each is looked at", async () => {
  await carry(agent);
  const main = git(made.hub, "rev-parse", "main");
  const made60 = Array.from({ length: 60 }, (_, n) => {
    const commit = git(made.hub, "commit-tree", "-p", main, "-m", `b${n}`, `${main}^{tree}`);
    return `create refs/heads/b${n} ${commit}`;
  });
  spawnSync("git", ["update-ref", "--stdin"], { cwd: made.hub, input: `${made60.join("\n")}\n` });
  const { outbox } = await fetchAndSync(ann);
  expect(outbox).toMatchObject([{ state: "taken", branches: ["origin/agent"] }]);
  git(made.hub, "branch", "--quiet", "again", "agent");
  expect((await fetchAndSync(ann)).outbox).toMatchObject([
    { state: "known", branches: ["origin/again", "origin/agent"] },
  ]);
});
