import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { git } from "../../helpers/git.ts";
import {
  type Answer,
  bundlesOf,
  carry,
  fetchAndSync,
  push,
  sandbox,
  sandboxTeam,
} from "../../helpers/syncing/outboxes.ts";
import { type SharingTeam, tipAt, tipOf } from "../../helpers/team.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import { storeIn, type TempStore } from "../../helpers/tempStore.ts";

const AGENT = { AYO_AGENT: "@coder" };
let made: SharingTeam;
let ann: TempStore;
let agent: TempStore;
let id: string;
beforeEach(async () => {
  ({ made, ann, agent, id } = await sandboxTeam());
});

describe("what an agent did that may push only its own branch", () => {
  test("is told by the refusal, goes with its branch, and is in the tickets once somebody has fetched and synced", async () => {
    await agent.ayo("ticket", "close", id, "-m", "Done in a sandbox.", "--as", "@coder");
    const refused = await agent.here(["sync"], { env: { ...AGENT, SANDBOX: "1" } });
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringMatching(/does not take the tickets: .*only your own branch.*\ntry: ayo sync --outbox/),
    ]);
    expect(bundlesOf(agent)).toEqual([]);
    const head = tipOf(agent).slice(0, 12);
    const name = new RegExp(`\\.ayo-outbox/[a-z0-9]+-${head}\\.bundle`);
    expect(await agent.ayo("sync", "--outbox", "--dry-run")).toMatch(
      /^Would write .*, 1 commit that origin does not have$/,
    );
    expect(bundlesOf(agent)).toEqual([]);
    const { stdout } = await agent.here(["sync", "--outbox"], { env: AGENT });
    expect(stdout).toMatch(/^Wrote .*\nNow: git add -f \.ayo-outbox && git commit\n$/);
    expect(stdout).toMatch(name);
    push(agent);

    const ours = tipOf(ann);
    git(ann.dir, "fetch", "--quiet");
    expect(await ann.ayo("sync", "--dry-run")).toMatch(
      /0 commits would come, 0 would go, and \.ayo-outbox.* of origin\/agent$/,
    );
    expect(tipOf(ann)).toBe(ours);
    const { stdout: synced, stderr } = await ann.here(["sync"]);
    expect(synced).toBe("Synced with origin: 1 commit came, 1 went\n");
    expect(stderr).toMatch(/^note: origin\/agent: \.ayo-outbox\/.* is taken in, it may be deleted$/m);
    expect(ann.text(id)).toMatch(/status: closed[\s\S]*Done in a sandbox\./);
    expect(tipOf(ann)).toBe(tipOf(agent));
    expect(tipAt(made.hub)).toBe(tipOf(ann));
    ann.judge();
  });

  test("is merged with what others did meanwhile; the agent has all of it with its next sync, and everybody the same", async () => {
    await agent.ayo("ticket", "note", id, "of the agent", "--as", "@coder");
    await ann.ayo("ticket", "note", id, "of Ann");
    await carry(agent);
    expect(await fetchAndSync(ann)).toMatchObject({ came: 1, went: 3, outbox: [{ state: "taken", deletable: true }] });
    await agent.ayo("sync");
    await made.bob.ayo("sync");
    for (const store of [ann, agent, made.bob]) {
      expect(store.text(id)).toMatch(/of the agent[\s\S]*of Ann|of Ann[\s\S]*of the agent/);
      expect(tipOf(store)).toBe(tipAt(made.hub));
      store.judge();
    }
    expect(await agent.ayo("sync", "--outbox")).toBe("Nothing to send: origin has all that was done here");
  });

  test("is taken in once: later syncs write nothing, tell nothing, and say in JSON that it may go", async () => {
    await agent.ayo("ticket", "note", id, "x", "--as", "@coder");
    const name = await carry(agent);
    expect((await fetchAndSync(ann)).notices).toHaveLength(1);
    const before = tipOf(ann);
    for (let times = 0; times < 2; times++)
      expect(await fetchAndSync(ann)).toMatchObject({
        came: 0,
        notices: [],
        outbox: [{ file: `.ayo-outbox/${name}`, branches: ["origin/agent"], state: "known", deletable: true }],
      });
    expect(tipOf(ann)).toBe(before);
    // Somebody else hears of it too, and need not take it in.
    const bobs = await fetchAndSync(made.bob);
    expect(bobs).toMatchObject({ outbox: [{ state: "known" }], notices: [expect.stringContaining("may be deleted")] });
    git(made.hub, "branch", "--quiet", "-D", "agent");
    expect(await fetchAndSync(ann)).toMatchObject({ outbox: [], notices: [] });
  });

  test("is one file however often it is written; a later one has what an earlier one had", async () => {
    await agent.ayo("ticket", "note", id, "one", "--as", "@coder");
    await agent.ayo("sync", "--outbox");
    const [first] = bundlesOf(agent);
    const bytes = readFileSync(path.join(agent.dir, ".ayo-outbox", first as string));
    await agent.ayo("sync", "--outbox");
    expect(readFileSync(path.join(agent.dir, ".ayo-outbox", first as string)).equals(bytes)).toBe(true);
    push(agent);
    await agent.ayo("ticket", "note", id, "two", "--as", "@coder");
    await agent.ayo("sync", "--outbox");
    expect(bundlesOf(agent)).toHaveLength(1);
    expect(bundlesOf(agent)).not.toEqual([first]);
    push(agent);
    expect(git(agent.dir, "ls-tree", "-r", "--name-only", "HEAD", ".ayo-outbox").split("\n")).toHaveLength(2);
    expect(await fetchAndSync(ann)).toMatchObject({ came: 2, outbox: [{ state: "taken" }] });
    expect(ann.text(id)).toMatch(/one[\s\S]*two/);
  });

  test("comes from several agents at once, and from a branch that it was merged into", async () => {
    const other = await sandbox(made, "other");
    await agent.ayo("ticket", "note", id, "of one", "--as", "@one");
    await other.ayo("ticket", "note", id, "of another", "--as", "@other");
    const [one, another] = [await carry(agent), await carry(other)];
    expect(one).not.toBe(another);
    git(agent.dir, "fetch", "--quiet");
    git(agent.dir, "merge", "--quiet", "--no-edit", "origin/other");
    git(agent.dir, "push", "--quiet", "origin", "HEAD:main");
    git(made.hub, "branch", "--quiet", "-D", "agent", "other");
    const { outbox } = await fetchAndSync(ann);
    expect(outbox.map(({ state, branches }) => [state, ...branches])).toEqual([
      ["taken", "origin/main"],
      ["taken", "origin/main"],
    ]);
    expect(ann.text(id)).toMatch(/of one[\s\S]*of another|of another[\s\S]*of one/);
    expect(tipAt(made.hub)).toBe(tipOf(ann));
    ann.judge();
  });

  test("is taken in by a clone that joins with that sync, and by a second agent that may push no more", async () => {
    await agent.ayo("ticket", "note", id, "of one", "--as", "@one");
    await carry(agent);
    const other = await sandbox(made, "other");
    await other.ayo("ticket", "note", id, "of another", "--as", "@other");
    expect((await other.here(["sync"], { env: { ...AGENT, SANDBOX: "1" } })).code).toBe(1);
    expect(other.text(id)).toContain("of one");
    await carry(other);
    git(made.hub, "branch", "--quiet", "-D", "agent");
    const dir = path.join(tempDir(), "late");
    git(tempDir(), "clone", "--quiet", "--depth", "1", "--branch", "other", `file://${made.hub}`, dir);
    const late = storeIn(dir);
    expect(await late.json<Answer>("sync")).toMatchObject({ first: "joined", outbox: [{ state: "taken" }] });
    expect(late.text(id)).toMatch(/of one[\s\S]*of another|of another[\s\S]*of one/);
    expect(tipAt(made.hub)).toBe(tipOf(late));
    late.judge();
  });

  test("goes from a clone cut short, from a worktree and from a folder in it", async () => {
    await agent.ayo("ticket", "note", id, "x", "--as", "@coder");
    git(agent.dir, "worktree", "add", "--quiet", "-b", "side", path.join(agent.dir, "..", "side"));
    const side = path.join(agent.dir, "..", "side");
    mkdirSync(path.join(side, "src"));
    const { stdout, code } = await storeIn(path.join(side, "src")).here(["sync", "--outbox"]);
    expect([code, stdout]).toEqual([0, expect.stringContaining("git add -f ../.ayo-outbox && git commit")]);
    expect(bundlesOf(storeIn(side))).toHaveLength(1);
    expect(bundlesOf(agent)).toEqual([]);
    const dir = path.join(tempDir(), "ci");
    git(tempDir(), "clone", "--quiet", "--depth", "1", `file://${made.hub}`, dir);
    const runner = storeIn(dir);
    await runner.ayo("sync");
    await runner.ayo("ticket", "note", id, "of CI", "--as", "@ci");
    git(dir, "checkout", "--quiet", "-b", "ci");
    await carry(runner);
    expect(await fetchAndSync(ann)).toMatchObject({ came: 1, outbox: [{ state: "taken" }] });
  });
});

test("a project's line ends, filters and ignored files do not change what an outbox holds", async () => {
  writeFileSync(path.join(agent.dir, ".gitattributes"), "* text eol=crlf\n*.bundle filter=large text ident\n");
  writeFileSync(path.join(agent.dir, ".gitignore"), ".*\n*.bundle\n");
  git(agent.dir, "config", "filter.large.clean", "echo a pointer");
  await agent.ayo("ticket", "note", id, "x", "--as", "@coder");
  await carry(agent);
  expect(await fetchAndSync(ann)).toMatchObject({ came: 1, outbox: [{ state: "taken" }] });
});

describe("an outbox is not written", () => {
  test("where nobody has the tickets, or nobody would look for it", async () => {
    const alone = made.clone("alone");
    git(alone.dir, "update-ref", "-d", "refs/remotes/origin/ayo/tickets");
    expect(await alone.here(["sync", "--outbox"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("no tickets here"),
    });
    expect(existsSync(alone.tickets)).toBe(false);
    await alone.ayo("ticket", "create", "Alone");
    const { code, stderr } = await alone.here(["sync", "--outbox"]);
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/has no tickets of this store to go on from\ntry: ayo sync/),
    ]);
    const elsewhere = await agent.here(["sync", "--outbox", "--remote", made.hub]);
    expect([elsewhere.code, elsewhere.stderr]).toEqual([2, expect.stringContaining("is no remote of a project")]);
    expect((await agent.here(["sync", "--outbox", "--every", "1m"])).code).toBe(2);
  });

  test("by an agent where no person here has shared or joined the tickets", async () => {
    const copy = made.clone("copy");
    git(copy.dir, "clone", "--quiet", "--branch", "ayo/tickets", made.hub, copy.tickets);
    await copy.ayo("ticket", "create", "Secret", "--as", "@coder");
    const asAgent = await copy.here(["sync", "--outbox", "--yes"], { env: AGENT });
    expect([asAgent.code, asAgent.stderr]).toEqual([1, expect.stringContaining("only a person can say with whom")]);
    expect((await copy.here(["sync", "--outbox"])).stderr).toContain("Sharing them needs a yes");
    expect(await copy.ayo("sync", "--outbox", "--dry-run", "--yes")).toContain("Would write");
    expect((await copy.here(["sync", "--outbox"])).code).toBe(2);
    expect(bundlesOf(copy)).toEqual([]);
    await copy.ayo("sync", "--outbox", "--yes");
    expect(bundlesOf(copy)).toHaveLength(1);
  });

  test("through a link that somebody put in its place", async () => {
    const secret = tempDir();
    await agent.ayo("ticket", "note", id, "x", "--as", "@coder");
    symlinkSync(secret, path.join(agent.dir, ".ayo-outbox"));
    expect((await agent.here(["sync", "--outbox"])).stderr).toContain("is a link or a file, and has to be a folder");
    expect(readdirSync(secret)).toEqual([]);
  });
});
