import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { git } from "../../helpers/git.ts";
import { sharedHome } from "../../helpers/hermeticEnv.ts";
import { sharingTeam, team, tipAt, tipOf } from "../../helpers/team.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import { storeIn, type TempStore } from "../../helpers/tempStore.ts";

const AGENT = { AYO_AGENT: "@x" };
let hub: string;
let ann: TempStore;
let bob: TempStore;
let id: string;
beforeEach(async () => {
  ({
    hub,
    ann,
    bob,
    ids: [id = ""],
  } = await sharingTeam());
});

/** Another repository that has all that the tickets' has. */
function mirror(): string {
  const other = path.join(tempDir(), "mirror.git");
  cpSync(hub, other, { recursive: true });
  return other;
}

describe("an address that nobody here has said yes to", () => {
  test("gets nothing, though all of it is there already: not from an agent, and from a person after a question", async () => {
    const other = mirror();
    git(bob.dir, "remote", "set-url", "origin", other);
    const asAgent = await bob.here(["sync"], { env: AGENT });
    expect([asAgent.code, asAgent.stderr]).toEqual([1, expect.stringContaining("only a person can say with whom")]);
    expect((await bob.here(["sync", "--remote", other], { env: AGENT })).code).toBe(1);
    const copy = path.join(tempDir(), "copy");
    cpSync(bob.dir, copy, { recursive: true });
    expect((await storeIn(copy).here(["sync"], { env: AGENT })).code).toBe(1);
    await bob.ayo("ticket", "create", "Secret");
    expect((await bob.here(["sync"])).stderr).toContain(`Everybody who can read origin (${other})`);
    expect(git(other, "log", "--format=%s", "ayo/tickets")).not.toContain("Secret");
  });

  test("is also one that git's settings lead to, and one for pushes alone: the question names it", async () => {
    const other = mirror();
    await bob.ayo("ticket", "create", "Secret");
    for (const [key, value] of [
      ["remote.origin.pushurl", other],
      [`url.${other}.insteadOf`, hub],
      [`url.${other}.pushInsteadOf`, hub],
    ] as const) {
      git(bob.dir, "config", key, value);
      expect((await bob.here(["sync"])).stderr).toContain(`Everybody who can read origin (${other})`);
      git(bob.dir, "config", "--unset", key);
    }
    expect(git(other, "log", "--format=%s", "ayo/tickets")).not.toContain("Secret");
    expect(await bob.ayo("sync")).toBe("Synced with origin: 0 commits came, 1 went");
  });

  test("is not the store itself", async () => {
    for (const address of ["./.tickets", "./.tickets/.git", `file://${bob.tickets}`]) {
      const { code, stderr } = await bob.here(["sync", "--remote", address, "--yes"]);
      expect([code, stderr]).toEqual([2, expect.stringContaining("is the store itself")]);
    }
  });

  test("keeps no password, however odd it is, and none is printed", async () => {
    for (const secret of ["s3'cr3t", "s3@cr3t", 's3"cr3t', "s3:cr3t"]) {
      const address = `http://ann:${secret}@127.0.0.1:9/x.git?private_token=${secret}`;
      git(bob.dir, "remote", "set-url", "origin", address);
      for (const args of [
        ["sync"],
        ["sync", "--dry-run"],
        ["sync", "status", "--json"],
        ["sync", "--remote", address],
      ]) {
        const { stdout, stderr } = await bob.here(args);
        expect(stdout + stderr).not.toMatch(/s3|cr3t/);
      }
    }
    const folder = path.join(sharedHome(), ".local/share/ayo/sync");
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".json"));
    const texts = files.map((name) => readFileSync(path.join(folder, name), "utf8"));
    expect(texts.length).toBeGreaterThan(0);
    expect(texts.join("")).not.toMatch(/cr3t/);
  });
});

describe("what lies at the address", () => {
  test("is another store now: it is asked again, and nothing of here goes there", async () => {
    await bob.ayo("ticket", "create", "Secret");
    const stranger = team().clone("stranger");
    await stranger.ayo("ticket", "create", "Of strangers");
    git(stranger.tickets, "push", "--quiet", "--force", hub, "HEAD:refs/heads/ayo/tickets");
    const { code, stderr } = await bob.here(["sync"]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("Another store is there now")]);
    expect(tipAt(hub)).toBe(tipOf(stranger));
    bob.judge();
  });

  test("is the project's own branch by another name: that is no history of a store", async () => {
    const main = git(hub, "rev-parse", "main");
    git(hub, "symbolic-ref", "refs/heads/ayo/tickets", "refs/heads/main");
    await bob.ayo("ticket", "note", id, "x");
    const { code, stderr } = await bob.here(["sync", "--yes"]);
    expect([code, stderr]).toEqual([1, expect.stringContaining("is no history of a store")]);
    expect(git(hub, "rev-parse", "main")).toBe(main);
    bob.judge();
  });

  test("is a tag: it is put in the place of no commit", async () => {
    await ann.ayo("ticket", "note", id, "of Ann");
    git(ann.tickets, "tag", "-a", "-m", "t", "v1");
    git(ann.tickets, "push", "--quiet", hub, "v1:refs/ayo/tickets");
    git(hub, "update-ref", "refs/heads/ayo/tickets", git(hub, "rev-parse", "refs/ayo/tickets^{commit}"));
    await ann.ayo("config", "sync.ref", "refs/ayo/tickets");
    await bob.ayo("config", "sync.ref", "refs/ayo/tickets");
    const { code, stderr } = await bob.here(["sync", "--yes"]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/is a tag|does not take/)]);
    bob.judge();
  });

  test("has files that are too large, or with names that not every machine has: they go to nobody", async () => {
    const before = tipAt(hub);
    bob.write("big", `---\nid: big\nstatus: open\n---\n# Big\n\n${"a".repeat(5_400_000)}\n`);
    const { code, stderr } = await bob.here(["sync"]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/big\.md has more than 5 MiB: it is not shared/)]);
    expect(tipAt(hub)).toBe(before);
    bob.write("big", "---\nid: big\nstatus: open\n---\n# Small\n");
    expect(await bob.ayo("sync")).toContain("went");
    for (const name of ["p-\u00fc.md", "CON.md", "a:b.md", "a\nb.md"]) {
      const store = name.startsWith("p-") ? [name, name.normalize("NFD")] : [name];
      mkdirSync(path.join(bob.tickets, "projects"), { recursive: true });
      for (const one of store) writeFileSync(path.join(bob.tickets, "projects", one), "x\n");
      git(bob.tickets, "add", "projects");
      git(bob.tickets, "commit", "--quiet", "--message=odd");
      const odd = await bob.here(["sync"]);
      expect([name, odd.code, odd.stderr]).toEqual([
        name,
        1,
        expect.stringMatching(/not every machine|cannot tell from/),
      ]);
      git(bob.tickets, "rm", "--quiet", "-r", "projects");
      git(bob.tickets, "commit", "--quiet", "--message=gone");
    }
    expect(await bob.ayo("sync")).toContain("went");
  });

  test("has hooks in a folder of an event, as the manual has them", async () => {
    const folder = path.join(bob.tickets, "hooks", "ticket.ready.d");
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, "10-a"), "#!/bin/sh\n", { mode: 0o755 });
    await bob.ayo("ticket", "note", id, "x");
    await bob.ayo("sync");
    await ann.ayo("sync");
    expect(existsSync(path.join(ann.tickets, "hooks", "ticket.ready.d", "10-a"))).toBe(true);
  });
});

describe("a ref that is no branch", () => {
  test("is found by a clone that has no store yet, and everybody goes there once it is set", async () => {
    await ann.ayo("config", "sync.ref", "refs/ayo/tickets");
    await ann.ayo("sync");
    await bob.ayo("ticket", "note", id, "of Bob");
    await bob.ayo("sync");
    await bob.ayo("sync");
    await ann.ayo("sync");
    expect(tipAt(hub, "refs/ayo/tickets")).toBe(tipOf(bob));
    expect(tipOf(ann)).toBe(tipOf(bob));
    expect(await bob.ayo("sync", "status")).toContain("refs/ayo/tickets");
    git(hub, "update-ref", "-d", "refs/heads/ayo/tickets");
    const carl = path.join(tempDir(), "carl");
    git(tempDir(), "clone", "--quiet", hub, carl);
    expect(await storeIn(carl).ayo("sync")).toBe("Joined the tickets of origin: 1 ticket");
    expect(await storeIn(carl).ayo("sync")).toBe("Nothing new at origin");
    expect(git(hub, "for-each-ref", "refs/heads/ayo")).toBe("");
  });
});

test("a join that fails leaves no store that looks empty, and a dry run that reaches nobody is no bug", async () => {
  const made = team();
  const first = made.clone("early");
  await first.ayo("ticket", "create", "First");
  await first.ayo("sync", "--yes");
  const late = made.clone("late");
  const bin = path.join(tempDir(), "bin");
  mkdirSync(bin);
  symlinkSync(process.execPath, path.join(bin, "node"));
  const { code, stderr } = await late.here(["init"], { env: { PATH: bin } });
  expect([code, stderr]).toEqual([1, expect.stringContaining("git cannot be started")]);
  expect(existsSync(late.tickets)).toBe(false);
  await late.ayo("init");
  rmSync(made.hub, { recursive: true });
  expect(await late.here(["sync", "--dry-run"])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("cannot be reached"),
  });
});
