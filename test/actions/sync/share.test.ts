import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { git } from "../../helpers/git.ts";
import { sharingTeam, type Team, team, tipAt, tipOf } from "../../helpers/team.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import { storeIn, tempStore } from "../../helpers/tempStore.ts";

describe("the first time", () => {
  let made: Team;
  beforeEach(() => {
    made = team();
  });

  test("a person is asked, and told who will be able to read what; nothing has gone before the yes", async () => {
    const ann = made.clone("ann");
    await ann.ayo("ticket", "create", "First");
    const { code, stderr } = await ann.here(["sync"]);
    expect(code).toBe(2);
    expect(stderr).toContain(`Everybody who can read origin (${made.hub})`);
    expect(stderr).toMatch(/1 ticket with all notes, and 3 commits of their history.*--yes/);
    expect(git(made.hub, "for-each-ref", "--format=%(refname)")).toBe("refs/heads/main");
    expect(await ann.ayo("sync", "status")).toContain(`not shared yet: 'ayo sync' shares with origin (${made.hub})`);
    expect(await ann.ayo("sync", "--yes")).toBe("Shared 1 ticket with origin");
    expect(tipAt(made.hub)).toBe(tipOf(ann));
    expect(await ann.ayo("sync", "status")).toMatch(/^shared with origin .*\nlast contact 20.*\nnothing waits$/);
    expect(await ann.ayo("sync")).toBe("Nothing new at origin");
    ann.judge();
  });

  test("an agent cannot say yes, by no name and on no face; once a person has, it syncs like everybody", async () => {
    const ann = made.clone("ann");
    await ann.ayo("ticket", "create", "First");
    for (const env of [{ AYO_AGENT: "@coder" }, { CLAUDECODE: "1" }, { AYO_RUN: "r1" }]) {
      const { code, stderr } = await ann.here(["sync", "--yes"], { env });
      expect([code, stderr]).toEqual([1, expect.stringContaining("only a person can say with whom")]);
    }
    expect((await ann.here(["sync", "--yes", "--as", "@coder"])).stderr).toContain("only a person can say with whom");
    expect(git(made.hub, "for-each-ref", "--format=%(refname)")).toBe("refs/heads/main");
    await ann.ayo("sync", "--yes");
    await ann.ayo("ticket", "create", "Second", "--as", "@coder");
    expect(await ann.here(["sync"], { env: { AYO_AGENT: "@coder" } })).toMatchObject({
      code: 0,
      stdout: "Synced with origin: 0 commits came, 1 went\n",
    });
    expect(tipAt(made.hub)).toBe(tipOf(ann));
  });

  test("is said for one address: where the remote's changes, or the project is copied, it is asked again", async () => {
    const ann = made.clone("ann");
    await ann.ayo("ticket", "create", "First");
    await ann.ayo("sync", "--yes");
    const other = path.join(tempDir(), "other.git");
    git(tempDir(), "init", "--quiet", "--bare", other);
    git(ann.dir, "remote", "set-url", "origin", other);
    expect((await ann.here(["sync"])).stderr).toContain(`origin (${other}) will be able to read`);
    git(ann.dir, "remote", "set-url", "origin", made.hub);
    expect(await ann.ayo("sync")).toBe("Nothing new at origin");
    const copy = path.join(tempDir(), "copy");
    cpSync(ann.dir, copy, { recursive: true });
    await storeIn(copy).ayo("ticket", "note", ann.files()[0]?.slice(0, -3) as string, "only here");
    expect((await storeIn(copy).here(["sync"])).code).toBe(2);
  });

  test("another store in the place of one that was shared is asked about", async () => {
    const ann = made.clone("ann");
    await ann.ayo("ticket", "create", "First");
    await ann.ayo("sync", "--yes");
    git(ann.dir, "clean", "-ffdxq");
    git(ann.dir, "update-ref", "-d", "refs/remotes/origin/ayo/tickets");
    await ann.ayo("ticket", "create", "A secret");
    expect((await ann.here(["sync"])).stderr).toContain("It has tickets already");
  });

  test("names the remote where there are several, and remembers it; an address serves as well", async () => {
    const ann = made.clone("ann");
    git(ann.dir, "remote", "add", "fork", "../fork.git");
    await ann.ayo("ticket", "create", "First");
    const { code, stderr } = await ann.here(["sync", "--yes"]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/several remotes \(origin, fork\).*\n.*--remote origin/)]);
    expect((await ann.here(["sync", "--remote", "mine"])).stderr).toContain("no remote 'mine' (it has origin, fork)");
    const bare = path.join(tempDir(), "tickets.git");
    git(tempDir(), "init", "--quiet", "--bare", bare);
    expect(await ann.ayo("sync", "--remote", bare, "--yes")).toBe(`Shared 1 ticket with ${bare}`);
    expect(await ann.ayo("sync")).toBe(`Nothing new at ${bare}`);
    expect(git(made.hub, "for-each-ref", "--format=%(refname)")).toBe("refs/heads/main");
  });

  test("tickets in the project's branch go by git itself", async () => {
    const store = await tempStore({ inline: true });
    git(store.dir, "remote", "add", "origin", made.hub);
    const { code, stderr } = await store.here(["sync", "--yes"]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("git pull and git push bring them")]);
  });

  test("a store that was made before stores had names gets one, and the beginning of its ids, as it is shared", async () => {
    const ann = made.clone("ann");
    await ann.ayo("ticket", "create", "First");
    writeFileSync(path.join(ann.tickets, "config.yml"), "# ours\narchive: {after: 30d}\n");
    await ann.ayo("ticket", "create", "Second");
    expect((await ann.here(["sync"])).code).toBe(2);
    expect(readFileSync(path.join(ann.tickets, "config.yml"), "utf8")).not.toContain("id:");
    await ann.ayo("sync", "--yes");
    expect(readFileSync(path.join(ann.tickets, "config.yml"), "utf8")).toMatch(
      /^# ours\narchive: \{after: 30d\}\nid: [0-9a-f]{12}\nprefix: ann\n$/,
    );
    expect(ann.subjects()[0]).toBe("name the store");
    ann.judge();
  });

  test("without a remote it is said what to type", async () => {
    const store = await tempStore({ project: true });
    const { code, stderr } = await store.here(["sync"]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("name the address of a git repository with --remote")]);
    expect(await store.ayo("sync", "status")).toBe("not shared, and the project has no remote");
  });
});

describe("others join", () => {
  test("by init in a clone, which asks nobody; excluded, merged by field, with the team's prefix", async () => {
    const { ann, bob, hub } = await sharingTeam(["First", "Second"]);
    expect(bob.files()).toEqual(ann.files());
    expect(tipOf(bob)).toBe(tipOf(ann));
    expect(git(bob.dir, "status", "--porcelain")).toBe("");
    expect(git(bob.tickets, "config", "merge.ayo.driver")).toContain("merge-file");
    expect(readFileSync(path.join(bob.tickets, ".git", "info", "attributes"), "utf8")).toContain("merge=ayo");
    expect(await bob.ayo("config", "prefix")).toContain("ann");
    const made = await bob.ayo("ticket", "create", "Third");
    // Others make ids at the same time: they are longer.
    expect(made).toMatch(/^ann-[a-z0-9]{6}$/);
    expect(await bob.ayo("sync")).toBe("Synced with origin: 0 commits came, 1 went");
    expect(tipAt(hub)).toBe(tipOf(bob));
    bob.judge();
  });

  test("no store is no dead end: it is said that the remote has tickets, and the first change is made in them", async () => {
    const made = team();
    const ann = made.clone("ann");
    const first = await ann.ayo("ticket", "create", "First");
    await ann.ayo("sync", "--yes");
    const bob = made.clone("bob");
    const { code, stderr } = await bob.here(["ticket", "list"]);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/origin has tickets: 'ayo init' brings them\ntry: ayo init/),
    ]);
    expect(await bob.ayo("init", "--dry-run")).toContain("Would join the tickets of origin");
    expect(existsSync(bob.tickets)).toBe(false);
    const create = await bob.here(["ticket", "create", "Second"]);
    expect(create.stderr).toContain("joined the tickets of origin (1)");
    expect(bob.files()).toContain(`${first}.md`);
    expect(await bob.ayo("sync")).toBe("Synced with origin: 0 commits came, 1 went");
    bob.judge();
  });

  test("by sync where the clone has one branch only, or was cut short", async () => {
    const { ann, hub } = await sharingTeam();
    for (const flags of [["--single-branch"], ["--depth", "1"], ["--depth", "1", "--no-single-branch"]]) {
      const dir = path.join(tempDir(), "ci");
      git(tempDir(), "clone", "--quiet", ...flags, `file://${hub}`, dir);
      const runner = storeIn(dir);
      expect((await runner.here(["ticket", "list"])).code).toBe(1);
      expect(await runner.ayo("sync")).toBe("Joined the tickets of origin: 1 ticket");
      expect(runner.files()).toEqual(ann.files());
      expect(git(runner.tickets, "rev-list", "--count", "HEAD")).toBe(git(ann.tickets, "rev-list", "--count", "HEAD"));
      runner.judge();
    }
  });

  test("two stores that began apart become one: both have all tickets, and the same commit", async () => {
    const made = team();
    const [ann, bob] = [made.clone("ann"), made.clone("bob")];
    await ann.ayo("ticket", "create", "Ann's");
    await bob.ayo("ticket", "create", "Bob's");
    await ann.ayo("sync", "--yes");
    expect((await bob.here(["sync"])).stderr).toContain("It has tickets already: both are merged into one store");
    await bob.ayo("sync", "--yes");
    await ann.ayo("sync");
    for (const store of [ann, bob]) {
      expect((await store.ayo("ticket", "list")).split("\n")).toHaveLength(2);
      store.judge();
    }
    expect(tipOf(ann)).toBe(tipOf(bob));
    const ids = [ann, bob].map(
      (store) => /^id: (\w+)$/m.exec(readFileSync(path.join(store.tickets, "config.yml"), "utf8"))?.[1],
    );
    expect(ids[0]).toBe(ids[1]);
    expect(await ann.ayo("sync")).toBe("Nothing new at origin");
    expect(await bob.ayo("sync")).toBe("Nothing new at origin");
  });

  test("where nobody has tickets a sync makes no store", async () => {
    const ann = team().clone("ann");
    const { code, stderr } = await ann.here(["sync"]);
    expect([code, stderr]).toEqual([1, expect.stringContaining("no tickets here, and none at origin")]);
    expect(existsSync(ann.tickets)).toBe(false);
  });

  test("a clone of the tickets made by hand is kept out of the project's status, and merges by field, from its first sync on", async () => {
    const { bob, hub } = await sharingTeam();
    rmSync(bob.tickets, { recursive: true });
    writeFileSync(path.join(bob.dir, ".git", "info", "exclude"), "");
    git(bob.dir, "clone", "--quiet", "--branch", "ayo/tickets", hub, bob.tickets);
    await bob.ayo("sync");
    expect(git(bob.dir, "status", "--porcelain")).toBe("");
    expect(git(bob.tickets, "config", "merge.ayo.driver")).toContain("merge-file");
    expect(await bob.ayo("config", "prefix")).toContain("ann");
    bob.judge();
  });

  test("a store in a folder of the project joins nothing by itself", async () => {
    const { bob } = await sharingTeam();
    mkdirSync(path.join(bob.dir, "api"));
    const api = storeIn(path.join(bob.dir, "api"));
    await api.ayo("ticket", "create", "Of the API", "--dir", api.tickets);
    expect(api.files()).toHaveLength(1);
  });
});
