import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { git } from "../../helpers/git.ts";
import { settle, sharingTeam, tipAt, tipOf } from "../../helpers/team.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import { storeIn, type TempStore } from "../../helpers/tempStore.ts";

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

describe("both sides changed", () => {
  test("other fields of one ticket, and notes: all is kept, and both are the same byte for byte", async () => {
    await ann.ayo("ticket", "update", id, "--priority", "0");
    await ann.ayo("ticket", "note", id, "of Ann");
    await bob.ayo("ticket", "close", id, "-m", "of Bob");
    await settle(hub, ann, bob);
    expect(ann.text(id)).toBe(bob.text(id));
    expect(ann.text(id)).toContain("status: closed");
    expect(ann.text(id)).toContain("priority: 0");
    expect(ann.text(id)).toMatch(/of Ann[\s\S]*of Bob|of Bob[\s\S]*of Ann/);
  });

  test("one field: it is said whose change gave way, and both stand in a note", async () => {
    await ann.ayo("ticket", "update", id, "--title", "Ann's title");
    await bob.ayo("ticket", "update", id, "--title", "Bob's title");
    await ann.ayo("sync");
    const { stderr, stdout } = await bob.here(["sync", "--json"]);
    const told = (JSON.parse(stdout) as { told: { code: string; field: string }[] }).told;
    expect(told).toMatchObject([{ code: "overruled", field: "title" }]);
    expect(stderr).toMatch(/^merged: .*title/m);
    await settle(hub, ann, bob);
    expect(ann.text(id)).toContain("Ann's title");
    expect(ann.text(id)).toContain("Bob's title");
  });

  test("what somebody has edited in an editor and not committed goes along", async () => {
    appendFileSync(path.join(bob.tickets, `${id}.md`), "\nby hand\n");
    await ann.ayo("ticket", "note", id, "of Ann");
    await settle(hub, bob, ann);
    expect(ann.text(id)).toContain("by hand");
    expect(bob.subjects().some((subject) => subject.startsWith(`edit ${id} by hand`))).toBe(true);
  });

  test("a dry run says what would come and go, and changes nothing", async () => {
    await ann.ayo("ticket", "note", id, "of Ann");
    await ann.ayo("sync");
    await bob.ayo("ticket", "note", id, "of Bob");
    const before = tipOf(bob);
    expect(await bob.ayo("sync", "--dry-run")).toBe("Would sync with origin: 1 commit would come, 2 would go");
    expect(tipOf(bob)).toBe(before);
    expect(tipAt(hub)).toBe(tipOf(ann));
    bob.judge();
  });

  test("status says what was not sent, without asking anybody", async () => {
    rmSync(hub, { recursive: true });
    await bob.ayo("ticket", "note", id, "of Bob");
    expect(await bob.json("sync", "status")).toMatchObject({
      shared: true,
      remote: "origin",
      ahead: 1,
      behind: 0,
      auto: false,
    });
  });
});

describe("the other side", () => {
  test("does not answer: it is said in git's words, nothing is lost, and remembered until it does", async () => {
    await bob.ayo("ticket", "note", id, "offline");
    renameSync(hub, `${hub}-away`);
    const { code, stderr } = await bob.here(["sync"]);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/origin .* cannot be reached: fatal: .*does not appear to be/),
    ]);
    expect(await bob.ayo("sync", "status")).toMatch(/1 commit to send\nthe last try failed .* cannot be reached/);
    renameSync(`${hub}-away`, hub);
    await settle(hub, bob);
    expect(await bob.ayo("sync", "status")).not.toContain("failed");
  });

  test("refuses by a hook: in its words, and the tickets stay here", async () => {
    writeFileSync(path.join(hub, "hooks", "pre-receive"), "#!/bin/sh\necho 'tickets are frozen today'; exit 1\n");
    chmodSync(path.join(hub, "hooks", "pre-receive"), 0o755);
    await bob.ayo("ticket", "note", id, "of Bob");
    const { code, stderr } = await bob.here(["sync"]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/origin .* does not take the tickets: .*frozen today/)]);
    bob.judge();
  });

  test("was put back by a person: what is known here goes there again", async () => {
    const before = tipAt(hub);
    await ann.ayo("ticket", "note", id, "of Ann");
    await ann.ayo("sync");
    git(hub, "update-ref", "refs/heads/ayo/tickets", before);
    await bob.ayo("ticket", "note", id, "of Bob");
    await settle(hub, bob, ann);
    expect(bob.text(id)).toContain("of Ann");
  });

  test("has the tickets no more: nobody shares them again without a yes", async () => {
    git(hub, "update-ref", "-d", "refs/heads/ayo/tickets");
    const { code, stderr } = await bob.here(["sync"]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("somebody took them away there")]);
    expect((await bob.here(["sync", "--yes"], { env: { AYO_AGENT: "@a" } })).stderr).toContain("only a person");
    expect(await bob.ayo("sync", "--yes")).toContain("Synced with origin");
    expect(tipAt(hub)).toBe(tipOf(bob));
  });

  test("changes at the same moment: both come in, whoever is first", async () => {
    const made = await Promise.all(
      [ann, bob, ann, bob].map((store, at) => store.ayo("ticket", "create", `At once ${at}`)),
    );
    await Promise.all([ann, bob, ann, bob].map((store) => store.run(["sync"])));
    await settle(hub, ann, bob);
    for (const one of made) expect(ann.files()).toContain(`${one}.md`);
  });

  test("has another ref where config.yml says so, and only one of ayo's own", async () => {
    await ann.ayo("config", "sync.ref", "refs/ayo/tickets");
    await ann.ayo("sync", "--yes");
    expect(tipAt(hub, "refs/ayo/tickets")).toBe(tipOf(ann));
    for (const ref of ["refs/heads/main", "refs/ayo/../heads/main", "refs/ayo/-x", "refs/ayo/a.lock"]) {
      const { code, stderr } = await ann.here(["config", "sync.ref", ref]);
      expect([code, stderr]).toEqual([2, expect.stringContaining("must be a ref of ayo's own")]);
    }
  });
});

test("with skip-ci every commit from then on asks build servers to leave it alone, merges too; its trailers are read", async () => {
  await ann.ayo("config", "sync.skip-ci", "true");
  const second = await ann.ayo("ticket", "create", "Second", "--as", "@coder");
  await bob.ayo("ticket", "note", id, "of Bob");
  await settle(hub, ann, bob);
  const messages = git(ann.tickets, "log", "--format=%s|%b%x00")
    .split("\0")
    .map((one) => one.trim());
  expect(messages[0]).toMatch(/^merge .*\|\[skip ci\]\s+Actor: ayo/);
  expect(messages.find((one) => one.includes("Second"))).toContain("[skip ci]");
  expect(messages.find((one) => one.includes("First"))).not.toContain("[skip ci]");
  expect(await bob.ayo("ticket", "history", second)).toContain("@coder");
});

describe("what a store's git directory says", () => {
  test("runs nothing and sends nothing elsewhere: an agent's sandbox may write there", async () => {
    const mark = path.join(tempDir(), "ran");
    const hooks = path.join(bob.tickets, ".git", "hooks");
    mkdirSync(hooks, { recursive: true });
    for (const name of ["pre-push", "post-merge", "reference-transaction", "post-checkout"]) {
      writeFileSync(path.join(hooks, name), `#!/bin/sh\ntouch ${mark}-${name}\n`);
      chmodSync(path.join(hooks, name), 0o755);
    }
    const trap = `sh -c 'touch ${mark}-$0'`;
    for (const [key, value] of [
      ["core.sshCommand", `${trap} ssh`],
      ["credential.helper", `!touch ${mark}-helper`],
      ["core.fsmonitor", `touch ${mark}-fsmonitor`],
      ["core.hooksPath", hooks],
      ["remote.origin.url", `${hub}-evil`],
      [`url.${hub}-evil.insteadOf`, hub],
      ["gpg.program", `${trap} gpg`],
      ["uploadpack.packObjectsHook", `${trap} pack`],
    ] as const)
      git(bob.tickets, "config", key, value);
    await ann.ayo("ticket", "note", id, "of Ann");
    await ann.ayo("sync");
    await bob.ayo("ticket", "note", id, "of Bob");
    expect(await bob.ayo("sync")).toBe("Synced with origin: 1 commit came, 2 went");
    expect(readdirSync(path.dirname(mark))).toEqual([]);
    expect(tipAt(hub)).toBe(tipOf(bob));
  });

  test("what somebody has committed there that is no part of a store goes to nobody, and comes to nobody", async () => {
    symlinkSync("/etc/passwd", path.join(bob.tickets, "projects"));
    writeFileSync(path.join(bob.tickets, ".envrc"), "touch /tmp/ran\n");
    const before = tipAt(hub);
    for (const name of ["projects", ".envrc"]) {
      git(bob.tickets, "add", name);
      git(bob.tickets, "commit", "--quiet", "--message=stray");
      const { code, stderr } = await bob.here(["sync"]);
      expect([code, stderr]).toEqual([1, expect.stringMatching(/'?projects'?.*(?:is a link|is not shared)/)]);
      expect(tipAt(hub)).toBe(before);
      if (name === ".envrc") break;
    }
    // With git itself it can be sent; then it is the others who do not take it.
    git(bob.tickets, "push", "--quiet", hub, "ayo/tickets");
    await ann.ayo("ticket", "note", id, "of Ann");
    expect((await ann.here(["sync"])).stderr).toContain("projects");
    expect(existsSync(path.join(ann.tickets, ".envrc"))).toBe(false);
    ann.judge();
    git(bob.tickets, "rm", "--quiet", "--cached", "projects", ".envrc");
    rmSync(path.join(bob.tickets, "projects"));
    rmSync(path.join(bob.tickets, ".envrc"));
    git(bob.tickets, "commit", "--quiet", "--message=taken out");
    await settle(hub, bob, ann);
  });

  test("a clone of the tickets alone, cut short, gets the rest before it merges", async () => {
    const dir = path.join(tempDir(), "alone");
    git(
      tempDir(),
      "clone",
      "--quiet",
      "--depth",
      "1",
      "--branch",
      "ayo/tickets",
      `file://${hub}`,
      path.join(dir, ".tickets"),
    );
    const alone = storeIn(dir);
    await alone.ayo("ticket", "note", id, "of the third");
    await ann.ayo("ticket", "note", id, "of Ann");
    await ann.ayo("sync");
    expect(await alone.ayo("sync", "--remote", hub, "--yes")).toContain(hub);
    expect(git(alone.tickets, "rev-parse", "--is-shallow-repository")).toBe("false");
    await settle(hub, ann, bob, alone);
    expect(bob.text(id)).toContain("of the third");
  });
});

test("an address with a password is shown and remembered without it being printed", async () => {
  git(bob.dir, "remote", "set-url", "origin", "http://bob:secret@127.0.0.1:9/x.git");
  for (const args of [
    ["sync"],
    ["sync", "--json"],
    ["sync", "--yes"],
    ["sync", "status"],
    ["sync", "status", "--json"],
  ]) {
    const { stdout, stderr } = await bob.here(args);
    expect(stdout + stderr).not.toContain("secret");
  }
});

test("programs sync by MCP and REST where a person has shared before, and cannot share", async () => {
  const { syncAgain } = await import("../../../src/actions/sync/sync.ts");
  const { invoke } = await import("../../../src/actions/input/action.ts");
  await bob.ayo("ticket", "note", id, "of Bob");
  expect(await invoke(syncAgain, bob.open(), {})).toMatchObject({ went: 1, came: 0 });
  git(bob.dir, "remote", "set-url", "origin", `${hub}-other`);
  await expect(invoke(syncAgain, bob.open(), { yes: true } as never)).rejects.toMatchObject({ code: "unreachable" });
  git(tempDir(), "init", "--quiet", "--bare", `${hub}-other`);
  await expect(invoke(syncAgain, bob.open(), { yes: true } as never)).rejects.toMatchObject({
    code: "needs_person",
  });
  expect(readFileSync(path.join(`${hub}-other`, "HEAD"), "utf8")).toContain("ref:");
  expect(git(`${hub}-other`, "for-each-ref")).toBe("");
});
