import { cpSync, existsSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { seeLanded } from "../../../src/store/codeCommits/landed/seeLanded.ts";
import { git } from "../../helpers/git.ts";
import { change, head, scene, state, waits } from "../../helpers/landedScene.ts";
import { runHere } from "../../helpers/runHere.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import { tempStore } from "../../helpers/tempStore.ts";

describe("work that has to land", () => {
  test.each([
    ["a merge", (dir: string) => git(dir, "merge", "--quiet", "--no-ff", "--message=merge", "side")],
    ["a fast-forward", (dir: string) => git(dir, "merge", "--quiet", "--ff-only", "side")],
    [
      "a rebase",
      (dir: string) => {
        git(dir, "checkout", "--quiet", "-b", "copy", "side");
        git(dir, "rebase", "--quiet", "main");
        git(dir, "checkout", "--quiet", "main");
        git(dir, "merge", "--quiet", "--ff-only", "copy");
        git(dir, "branch", "--quiet", "-D", "copy");
      },
    ],
    [
      "cherry-picks with other messages",
      (dir: string) => {
        for (const oid of git(dir, "rev-list", "--reverse", "main..side").split("\n")) {
          git(dir, "cherry-pick", "--no-commit", oid);
          git(dir, "commit", "--quiet", "--author=Bot <b@x>", "--message=picked");
        }
      },
    ],
    [
      "a squash",
      (dir: string) => {
        git(dir, "merge", "--quiet", "--squash", "side");
        git(dir, "commit", "--quiet", "--message=squashed (#12)");
      },
    ],
  ])("%s is seen", async (_, merge) => {
    const there = await scene(3);
    const { dir } = there;
    change(dir, "other", "something else");
    expect(await state(there)).toMatchObject({ ready: false, reasons: waits(there.first) });
    // What only moves the branch on needs it where it was.
    if (_ === "a fast-forward") git(dir, "reset", "--quiet", "--hard", "HEAD~1");
    merge(dir);
    expect(await state(there)).toEqual({ landed: head(dir), unlanded: undefined, ready: true, reasons: [] });
    expect(there.store.subjects()[0]).toBe(`landed on main: ${there.first}`);
  });

  test("a part of it is not enough, by whatever merge", async () => {
    const there = await scene(3);
    const { dir, work } = there;
    git(dir, "merge", "--quiet", "--no-ff", "--message=merge", work[0] as string);
    expect(await state(there)).toMatchObject({ landed: undefined, ready: false });
    git(dir, "cherry-pick", work[1] as string);
    expect(await state(there)).toMatchObject({ landed: undefined, ready: false });
    git(dir, "reset", "--quiet", "--hard", "HEAD~2");
    git(dir, "merge", "--quiet", "--squash", work[1] as string);
    git(dir, "commit", "--quiet", "--message", `half of it TICKET: ${there.first}`);
    expect(await state(there)).toMatchObject({ landed: undefined, ready: false });
    git(dir, "cherry-pick", work[2] as string);
    expect(await state(there)).toMatchObject({ landed: head(dir), ready: true });
  });

  test("an edited squash is seen by the ticket that it names, else by a person's word", async () => {
    const [named, said] = await Promise.all([scene(2), scene(2)]);
    for (const { dir } of [named, said]) {
      git(dir, "merge", "--quiet", "--squash", "side");
      writeFileSync(path.join(dir, "part0"), "edited while merging\n");
      git(dir, "add", ".");
    }
    git(named.dir, "commit", "--quiet", "--message", `Login (#3)\n\nTICKET: ${named.first}`);
    expect(await state(named)).toMatchObject({ landed: head(named.dir), ready: true });
    git(said.dir, "commit", "--quiet", "--message", "Login (#3)");
    expect(await state(said)).toMatchObject({ landed: undefined, ready: false });
    const { store, first, next, dir } = said;
    const looked = await store.json("ticket", "landed", first);
    expect(looked).toMatchObject({ landing: { state: "waiting", base: "main", missing: said.work }, commit: null });
    const agent = await store.here(["ticket", "landed", first, head(dir), "--as", "@coder"]);
    expect(agent.stderr).toContain("only a person can say");
    const other = await store.here(["ticket", "landed", first, said.work[0] as string]);
    expect(other.stderr).toContain("main has no commit");
    expect(await store.ayo("ticket", "landed", first, head(dir).slice(0, 8), "--dry-run")).toContain("Would say");
    expect(await store.ayo("ticket", "landed", first, head(dir).slice(0, 8))).toBe(
      `Landed ${first}: on main with ${head(dir).slice(0, 7)}\nready: ${next} - Use login`,
    );
    expect(await state(said)).toMatchObject({ landed: head(dir), ready: true });
  });

  test.each([
    ["of a merge", ["merge", "--quiet", "--no-ff", "--message=merge", "side"], ["-m", "1"]],
    ["of a squash", ["merge", "--quiet", "--squash", "side"], []],
    ["of a commit", ["merge", "--quiet", "--ff-only", "side"], []],
  ])("a revert %s takes it back, its revert brings it again", async (_, merge, how) => {
    const there = await scene(1);
    const { dir, store, first } = there;
    git(dir, ...merge);
    if (merge.includes("--squash")) git(dir, "commit", "--quiet", "--message=squashed");
    const came = head(dir);
    expect(await state(there)).toMatchObject({ landed: came, ready: true });
    git(dir, "revert", "--no-edit", ...how, came);
    const gone = head(dir);
    expect(await state(there)).toMatchObject({ landed: undefined, unlanded: gone, ready: false });
    expect(store.subjects()[0]).toBe(`taken back from main: ${first}`);
    expect((await store.json("ticket", "landed", first)).landing).toMatchObject({ state: "reverted", commit: gone });
    const named = await store.here(["ticket", "landed", first, came]);
    expect(named.stderr).toContain("took that back");
    git(dir, "revert", "--no-edit", gone);
    const again = head(dir);
    expect(await state(there)).toMatchObject({ landed: again, unlanded: undefined, ready: true });
    git(dir, "revert", "--no-edit", again);
    expect(await state(there)).toMatchObject({ landed: undefined, unlanded: head(dir), ready: false });
    git(dir, "commit", "--quiet", "--allow-empty", "--message", "no news");
    git(dir, "cherry-pick", "side");
    expect(await state(there)).toMatchObject({ landed: head(dir), unlanded: undefined, ready: true });
  });

  test("a base branch that is written anew: what is gone is taken back, what is still there stays", async () => {
    const there = await scene(2);
    const { dir } = there;
    const before = head(dir);
    git(dir, "merge", "--quiet", "--no-ff", "--message=merge", "side");
    expect(await state(there)).toMatchObject({ ready: true });
    git(dir, "reset", "--quiet", "--hard", before);
    change(dir, "other", "another history");
    expect(await state(there)).toMatchObject({ landed: undefined, unlanded: head(dir), ready: false });
    git(dir, "merge", "--quiet", "--squash", "side");
    git(dir, "commit", "--quiet", "--message=squashed");
    expect(await state(there)).toMatchObject({ landed: head(dir), unlanded: undefined, ready: true });
    git(dir, "commit", "--quiet", "--amend", "--message=squashed (#1)");
    expect(await state(there)).toMatchObject({ landed: head(dir), unlanded: undefined, ready: true });
  });

  test("the remote's branch is the base where there is one; gone or renamed bases say so, and nothing is lost", async () => {
    const there = await scene(1);
    const { dir, store, first } = there;
    const remote = tempDir();
    git(remote, "init", "--quiet", "--bare", "--initial-branch=main");
    git(dir, "remote", "add", "origin", remote);
    git(dir, "push", "--quiet", "origin", "main");
    git(dir, "merge", "--quiet", "--no-ff", "--message=merge", "side");
    expect(await state(there)).toMatchObject({ landed: undefined, ready: false });
    git(dir, "push", "--quiet", "origin", "main");
    expect(await state(there)).toMatchObject({ landed: head(dir), ready: true });
    git(dir, "branch", "--quiet", "-m", "main", "trunk");
    git(dir, "update-ref", "-d", "refs/remotes/origin/main");
    expect(await state(there)).toMatchObject({ ready: true });
    const gone = await store.here(["ticket", "landed", first]);
    expect(gone.stderr).toContain("the project has no branch 'main', neither of its own nor of its remote 'origin'");
    await store.ayo("config", "ready.base", "trunk");
    expect(await state(there)).toMatchObject({ landed: head(dir), ready: true });
  });

  test("what was there before the base branch was seen here is not taken back: another machine may know more", async () => {
    const there = await scene(1);
    const { dir, store, first } = there;
    git(dir, "merge", "--quiet", "--no-ff", "--message=merge", "side");
    expect(await state(there)).toMatchObject({ ready: true });
    const landed = head(dir);
    // A machine that has fetched less, and has seen nothing yet.
    rmSync(path.join(store.tickets, ".git/ayo/landed.table"));
    git(dir, "reset", "--quiet", "--hard", "HEAD~1");
    expect(await state(there)).toMatchObject({ landed, ready: true });
    // One that has fetched less than the one that saw it taken back says nothing either.
    git(dir, "reset", "--quiet", "--hard", landed);
    git(dir, "revert", "--no-edit", "-m", "1", landed);
    const gone = head(dir);
    expect(await state(there)).toMatchObject({ unlanded: gone, ready: false });
    rmSync(path.join(store.tickets, ".git/ayo/landed.table"));
    git(dir, "reset", "--quiet", "--hard", landed);
    expect(await state(there)).toMatchObject({ landed: undefined, unlanded: gone, ready: false });
    expect((await store.json("ticket", "landed", first)).commit).toBeNull();
  });

  test("work without a tag lies on the ticket's branch; a ticket without commits has nothing to land", async () => {
    const store = await tempStore({ project: true });
    const { dir } = store;
    await store.ayo("config", "ready.deps", "landed");
    const first = await store.ayo("ticket", "create", "Build login");
    const talk = await store.ayo("ticket", "create", "Talk");
    const next = await store.ayo("ticket", "create", "Use login", "--dep", first, "--dep", talk);
    await store.ayo("ticket", "close", talk);
    git(dir, "checkout", "--quiet", "-b", `ayo/work/${first}`);
    const work = change(dir, "login", "no tag");
    git(dir, "checkout", "--quiet", "main");
    await store.ayo("ticket", "close", first);
    expect((await store.json<{ ticket: object }>("ticket", "show", first)).ticket).toMatchObject({ commits: [work] });
    expect(await store.json("ticket", "show", next)).toMatchObject({
      ticket: { ready: false, blockedBy: [first], reasons: waits(first) },
      waitsFor: [
        { id: first, state: "unlanded", base: "main" },
        { id: talk, state: "done" },
      ],
    });
    const refused = await store.here(["ticket", "start", next]);
    expect(refused.stderr).toContain(`${next} waits for ${first} (closed, to land on main): Build login`);
    git(dir, "merge", "--quiet", "--ff-only", `ayo/work/${first}`);
    await store.ayo("ticket", "landed", first);
    expect(await store.ayo("ticket", "ready", "--quiet")).toBe(next);
    // What is taken up again has to land again.
    await store.ayo("ticket", "reopen", first);
    expect((await store.json<{ ticket: object }>("ticket", "show", first)).ticket).not.toHaveProperty("landed");
    git(dir, "checkout", "--quiet", `ayo/work/${first}`);
    change(dir, "more", "more without a tag");
    git(dir, "checkout", "--quiet", "main");
    await store.ayo("ticket", "close", first);
    expect(await store.ayo("ticket", "ready", "--quiet")).toBe("");
    git(dir, "merge", "--quiet", "--squash", `ayo/work/${first}`);
    git(dir, "commit", "--quiet", "--message=squashed");
    // A close that finds its work there says so at once.
    await store.ayo("ticket", "reopen", first);
    const closed = await store.json<{ nowReady: object[] }>("ticket", "close", first);
    expect(closed.nowReady).toEqual([{ id: next, title: "Use login" }]);
  });

  test("a commit that is not on the base branch is not believed, though the file says it", async () => {
    const at = await scene();
    const { store, dir, first } = at;
    store.write(first, store.text(first).replace(/^status:/m, "landed: 1234567890\nstatus:"));
    const { stdout } = await runHere(dir, ["ticket", "landed", first, "--json"]);
    expect(JSON.parse(stdout).landing).toMatchObject({
      state: "waiting",
      trouble: "the ticket says that it landed with 1234567890, which main does not have, as it was fetched last",
    });
  });

  test("landed and unlanded are events, told by the commit alone", async () => {
    const there = await scene(1);
    const { dir, store, first, next } = there;
    const start = git(store.repo, "rev-parse", "HEAD");
    git(dir, "merge", "--quiet", "--ff-only", "side");
    await state(there);
    git(dir, "revert", "--no-edit", "HEAD");
    await state(there);
    const lines = (await store.ayo("watch", "--until-now", "--since", start, "--json")).split("\n");
    const events = lines.map((line) => JSON.parse(line) as { event: string; ticket: { id: string }; actor: string });
    expect(events.map(({ event, ticket, actor }) => [event, ticket.id, actor])).toEqual([
      ["ticket.landed", first, "ayo"],
      ["ticket.ready", next, "ayo"],
      ["ticket.unlanded", first, "ayo"],
    ]);
  });

  test("show, blocked and doctor tell it", async () => {
    const there = await scene(1);
    const { dir, store, first, next } = there;
    expect(await store.ayo("ticket", "show", next)).toContain(`waits for ${first} (closed, to land on main)`);
    expect(await store.ayo("ticket", "blocked")).toContain(first);
    git(dir, "merge", "--quiet", "--ff-only", "side");
    await state(there);
    expect(await store.ayo("ticket", "show", first)).toContain(`landed with ${head(dir).slice(0, 7)}`);
    expect((await store.here(["doctor"])).code).toBe(0);
    git(dir, "reset", "--quiet", "--hard", "HEAD~1");
    rmSync(path.join(store.tickets, ".git/ayo/landed.table"));
    const told = await store.here(["doctor"]);
    expect(told.stdout).toContain(
      `landed_elsewhere ${first}.md: landed names ${there.work[0]}, which main does not have`,
    );
  });

  test("a hand edit of an agent that says so waits for a person", async () => {
    const { store, first, next } = await scene(1);
    await store.ayo("ticket", "claim", "--next", "--as", "@coder").catch(() => "");
    const other = await store.ayo("ticket", "create", "Something");
    await store.ayo("ticket", "claim", other, "--as", "@coder");
    store.write(first, store.text(first).replace("status: closed", `status: closed\nlanded: ${"a".repeat(40)}`));
    await store.ayo("ticket", "list");
    await store.ayo("ticket", "note", other, "hello", "--as", "@coder");
    expect(store.text(first)).toContain("unconfirmed: [landed]");
    expect(await store.ayo("ticket", "ready", "--quiet")).not.toContain(next);
    const set = await store.here(["ticket", "update", first, "--set", "landed=1234567"]);
    expect(set.stderr).toContain("landed cannot be set this way: use ayo ticket landed");
    const emptied = await store.here(["ticket", "update", first, "--set", "commits=", "--as", "@coder"]);
    expect([emptied.code, emptied.stderr]).toEqual([1, expect.stringContaining("person")]);
  });

  test("without git, in a shallow clone and beside hostile settings nothing hangs, runs or is made up", async () => {
    const there = await scene(2);
    const { dir, store, first } = there;
    git(dir, "merge", "--quiet", "--squash", "side");
    git(dir, "commit", "--quiet", "--message=squashed");
    const trap = path.join(dir, "ran");
    const program = `sh -c 'touch ${trap}; cat'`;
    for (const key of ["core.fsmonitor", "diff.external", "diff.x.textconv", "diff.x.command", "core.pager"])
      git(dir, "config", key, program);
    writeFileSync(path.join(dir, ".git/info/attributes"), "* diff=x\n");
    // Somebody has another commit stand for the squash, and a graft for its parents.
    git(dir, "replace", head(dir), there.work[0] as string);
    const store2 = store.open({ env: { ...store.open().host.env, PATH: "" } });
    expect((await seeLanded(store2)).trouble).toContain("changes cannot be compared: there is no git on the PATH");
    expect(await state(there)).toMatchObject({ landed: head(dir), ready: true });
    expect(existsSync(trap)).toBe(false);
    const shallow = path.join(tempDir(), "shallow");
    git(dir, "clone", "--quiet", "--depth=1", `file://${dir}`, shallow);
    cpSync(store.tickets, path.join(shallow, ".tickets"), { recursive: true });
    const looked = await runHere(shallow, ["ticket", "landed", first, "--json"]);
    expect(JSON.parse(looked.stdout)).toMatchObject({ landing: { state: "landed", commit: head(dir) } });
    rmSync(path.join(shallow, ".git"), { recursive: true });
    const bare = await runHere(shallow, ["ticket", "landed", first]);
    expect(bare.stderr).toContain("there is no project in git around");
    await runHere(shallow, ["ticket", "reopen", first]);
    const closed = await runHere(shallow, ["ticket", "close", first]);
    expect(closed.stderr).toContain("whether work has landed cannot be seen: there is no project in git around");
  });
});
