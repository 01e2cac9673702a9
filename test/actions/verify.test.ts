import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { allow } from "../../src/actions/allow/allow.ts";
import { batch } from "../../src/actions/batch/batch.ts";
import { config } from "../../src/actions/config/config.ts";
import { doctor } from "../../src/actions/doctor/doctor.ts";
import { invoke } from "../../src/actions/input/action.ts";
import type { AyoError } from "../../src/error.ts";
import {
  approveTickets,
  claimTickets,
  closeTickets,
  createTicket,
  moveTickets,
  readInbox,
  readyTickets,
  showTicket,
  submitTickets,
  undoChange,
  updateTickets,
  verifyTickets,
} from "../../src/index.ts";
import { type WorkProject, workProject } from "../../src/store/allow/ready/workProject.ts";
import { readStore } from "../../src/store/disk/view.ts";
import { readAgents } from "../../src/store/open/agents/readAgents.ts";
import type { Store } from "../../src/store/open/store.ts";
import { doubtsIn } from "../../src/store/verify/doubts.ts";
import { choose } from "../../src/work/dispatch/choose.ts";
import { openWorktree } from "../../src/work/worktrees/openWorktree.ts";
import { prepareWorktree } from "../../src/work/worktrees/prepareWorktree.ts";
import { git } from "../helpers/git.ts";
import { hermeticEnv, sharedHome } from "../helpers/hermeticEnv.ts";
import { tempDir } from "../helpers/tempDir.ts";
import { type TempStore, tempStore } from "../helpers/tempStore.ts";

const code = (running: Promise<unknown>): Promise<string> =>
  running.then(
    () => "done",
    (error: AyoError) => error.code,
  );

interface Desk {
  readonly project: TempStore;
  readonly id: string;
  readonly home: string;
  as(who?: string, env?: Readonly<Record<string, string>>): Store;
  work(text: string): string;
}

const ENTRY = "base: main\nverify:\n  test: {run: 'grep -q good work.txt', protect: [conf]}\n  lint: 'true'\n";

/** A project whose work is good, and whose commands a person has allowed. */
async function desk(rules = "close: {verify: required}\nverify: {task: test, chore: none}\n"): Promise<Desk> {
  const project = await tempStore({ project: true });
  const home = path.join(tempDir(), "ayo");
  const as: Desk["as"] = (who, env) =>
    project.open({
      env: { ...hermeticEnv(sharedHome()), AYO_HOME: home, ...(who === undefined ? {} : { AYO_AGENT: who }), ...env },
    });
  const work: Desk["work"] = (text) => {
    writeFileSync(path.join(project.dir, "work.txt"), text);
    git(project.dir, "add", "work.txt");
    git(project.dir, "commit", "--quiet", "--allow-empty", "-m", "work");
    return git(project.dir, "rev-parse", "HEAD").trim();
  };
  writeFileSync(path.join(project.dir, ".gitignore"), ".tickets/\n");
  git(project.dir, "add", ".gitignore");
  git(project.dir, "commit", "--quiet", "-m", "start");
  git(project.dir, "checkout", "--quiet", "-b", "topic");
  work("good\n");
  writeFileSync(path.join(project.tickets, "agents.yml"), ENTRY);
  writeFileSync(path.join(project.tickets, "config.yml"), rules);
  await invoke(allow, as(), { what: ["verify"] });
  const { id } = (await createTicket(as(), { title: "Build", acceptance: "It works" })).ticket;
  return { project, id, home, as, work };
}

describe("a person", () => {
  test("has it run by close, at once; what fails is told, and --force goes past it", async () => {
    const { as, id, work, project } = await desk();
    work("bad\n");
    await expect(closeTickets(as(), { ids: [id] })).rejects.toMatchObject({
      code: "verify_required",
      message: `${id} is not verified: test: failed with exit code 1`,
      try: ["ayo", "ticket", "verify", id],
    });
    const head = work("good\n");
    await closeTickets(as(), { ids: [id] });
    expect(project.text(id)).toMatch(new RegExp(`^verified: ${head} [0-9a-f]{16} \\S+ test by Test User$`, "m"));
    const { ticket } = await createTicket(as(), { title: "Other" });
    work("bad\n");
    await closeTickets(as(), { ids: [ticket.id], force: true });
  });

  test("has it run by approve, of all that waits for a review", async () => {
    const { as, id, project } = await desk();
    await claimTickets(as("@coder"), { ids: [id] });
    await submitTickets(as("@coder"), { ids: [id] });
    await approveTickets(as(), { all: true });
    expect(project.text(id)).toMatch(/^status: closed$/m);
  });

  test("has nothing run that was not allowed as it is now, and is told the line to type", async () => {
    const { as, id, project } = await desk();
    writeFileSync(path.join(project.tickets, "agents.yml"), ENTRY.replace("grep -q good work.txt", "true"));
    await expect(verifyTickets(as(), { ids: [id] })).rejects.toMatchObject({
      code: "verify_required",
      message: expect.stringContaining("verify.test was changed since it was allowed"),
      try: expect.arrayContaining(["ayo", "allow", "verify.test"]),
    });
    await invoke(allow, as(), { what: ["verify.test"], deny: true });
    await expect(verifyTickets(as(), { ids: [id] })).rejects.toThrow(/verify\.test was denied on this machine/);
  });

  test("has commits verified, and not what lies in the way", async () => {
    const { as, id, project } = await desk();
    writeFileSync(path.join(project.dir, "work.txt"), "bad\n");
    await expect(verifyTickets(as(), { ids: [id] })).rejects.toThrow(
      /ayo runs commits, and here is not committed: work\.txt/,
    );
  });

  test("decides of a doubt", async () => {
    const { as, id, project, work } = await desk();
    mkdirSync(path.join(project.dir, "conf"));
    git(project.dir, "checkout", "--quiet", "-b", `ayo/work/${id}`);
    writeFileSync(path.join(project.dir, "conf/a"), "");
    git(project.dir, "add", "conf");
    work("good\n");
    const { verifications, ok } = await verifyTickets(as(), { ids: [id] });
    expect([ok, verifications[0]?.entries[0]]).toMatchObject([
      false,
      { state: "doubtful", why: "passed, and a person has to look: the work changed conf/a" },
    ]);
    await expect(closeTickets(as("@coder"), { ids: [id] })).rejects.toMatchObject({
      code: "verify_required",
      try: ["ayo", "ticket", "submit", id],
    });
    await claimTickets(as("@coder"), { ids: [id] });
    await submitTickets(as("@coder"), { ids: [id] });
    // No agent is offered it, and one that reviews all the same is told what it can do.
    const rex = as("@rex");
    const refusal = await approveTickets(rex, { ids: [id] }).catch((error: AyoError) => error);
    expect(refusal).toMatchObject({
      message: `only a person can approve ${id}: test: passed, and a person has to look: the work changed conf/a`,
      try: ["ayo", "ticket", "note", id, expect.any(String)],
    });
    const line = (refusal as AyoError).try ?? [];
    expect((await project.here(line.slice(1), { env: { AYO_AGENT: "@rex" } })).code).toBe(0);
    expect((await readyTickets(rex, { role: "reviewer" })).tickets).toEqual([]);
    expect((await claimTickets(rex, { next: true, role: "reviewer" })).tickets).toEqual([]);
    expect((await readyTickets(as(), { role: "reviewer" })).tickets.map((one) => one.id)).toEqual([id]);
    const items = async (store: Store) => (await readInbox(store, {})).items.filter(({ kind }) => kind === "review");
    expect(await items(as())).toMatchObject([{ id, text: expect.stringContaining("a person has to look") }]);
    const agents = `${ENTRY}agents: {'@rex': {adapter: command, command: [sh], roles: [reviewer]}}\n`;
    writeFileSync(path.join(project.tickets, "agents.yml"), agents);
    const [view, { config }] = [await readStore(as()), await readAgents(as())];
    expect(choose(view, config, new Map()).choices).toHaveLength(1);
    expect(choose(view, config, await doubtsIn(as(), view))).toMatchObject({
      choices: [],
      others: [{ reason: expect.stringMatching(/^only a person can approve it: test: passed, /) }],
    });
    // An agent can write agents.yml: by another command, or without it, the doubt is the same.
    for (const changed of [agents.replace("grep -q good", "grep  -q good"), agents.replace(/^ {2}test: .*\n/m, "")]) {
      writeFileSync(path.join(project.tickets, "agents.yml"), changed);
      expect((await readyTickets(rex, { role: "reviewer" })).tickets).toEqual([]);
      expect(await items(as())).toMatchObject([{ id, text: expect.stringMatching(/a person has to look: .* \(it /) }]);
    }
    writeFileSync(path.join(project.tickets, "agents.yml"), agents);
    // In a run nothing can be verified; what is said instead can be done there.
    const run = as("@rex", { AYO_RUN: "r-1" });
    const denied = await verifyTickets(run, { ids: [id] }).catch((error: AyoError) => error);
    expect(denied).toMatchObject({
      code: "needs_person",
      message: `inside a run ${id} cannot be verified: a person has to have it done`,
    });
    expect((denied as AyoError).try?.slice(0, 3)).toEqual(["ayo", "ticket", "note"]);
    work("good\n");
    await expect(approveTickets(run, { ids: [id] })).rejects.toMatchObject({
      message: expect.stringMatching(
        / is not verified: .*; inside a run nobody can have it verified, a person has to$/,
      ),
      try: ["ayo", "ticket", "note", id, expect.any(String)],
    });
    await approveTickets(as(), { ids: [id] });
  });

  test("is shown what another machine saw, which does not count on this one", async () => {
    const { as, id } = await desk();
    await verifyTickets(as(), { ids: [id] });
    const elsewhere = { AYO_HOME: path.join(tempDir(), "another") };
    const here = await showTicket(as(), { id });
    const there = await showTicket(as(undefined, elsewhere), { id });
    expect([here, there].map((one) => "verification" in one && one.verification)).toMatchObject([
      { elsewhere: false, entries: [{ state: "passed" }] },
      { elsewhere: true, entries: [{ state: "open" }] },
    ]);
    expect(await code(closeTickets(as("@coder", elsewhere), { ids: [id] }))).toBe("verify_required");
    // What the same command made of the same commit counts once a person there has allowed it.
    await expect(closeTickets(as(undefined, elsewhere), { ids: [id] })).rejects.toThrow(/verify\.test is not allowed/);
    await invoke(allow, as(undefined, elsewhere), { what: ["verify"] });
    await closeTickets(as(undefined, elsewhere), { ids: [id] });
  });

  test("closes work that another machine has pushed by what it is there, and not by what is checked out here", async () => {
    const { as, id, project, work } = await desk();
    git(project.dir, "update-ref", `refs/remotes/origin/ayo/work/${id}`, work("bad\n"));
    git(project.dir, "reset", "--quiet", "--hard", "HEAD~1");
    expect(await code(closeTickets(as(), { ids: [id] }))).toBe("verify_required");
  });

  test("is told the line of an agents.yml that makes no sense, and of what protect: names in vain", async () => {
    const { as, id, project } = await desk();
    const file = path.join(project.tickets, "agents.yml");
    const found = () => invoke(doctor, as(), {});
    writeFileSync(
      file,
      ENTRY.replace("[conf]", "[conf, work.txt, '**/*.txt', '.env']").replace("base", "copy: [.env]\nbase"),
    );
    const why = "protect: of verify.test names 'conf', which is nowhere in the project";
    expect((await invoke(allow, as(), { what: ["verify"] })).notices).toEqual([why]);
    expect((await invoke(allow, as(), {})).notices).toEqual([why]);
    expect((await found()).notices).toEqual([why]);
    writeFileSync(file, "verify:\n  test: {rnu: 'true'}\n");
    const line = "agents.yml:2: 'rnu' is no key here; there are run, protect, time";
    for (const running of [invoke(allow, as(), { what: ["verify"] }), verifyTickets(as(), { ids: [id] })])
      await expect(running).rejects.toMatchObject({ code: "bad_config", message: line });
    expect((await invoke(allow, as(), {})).notices).toEqual([`${line}; nothing of it takes effect`]);
    expect((await found()).findings.map((one) => one.message)).toEqual([
      "'rnu' is no key here; there are run, protect, time",
      "test needs a command: {run: npm test}",
    ]);
  });

  test("has copied files come from the project, whatever the work ignores; whether those that judge it are as they were", async () => {
    const { as, id, project } = await desk();
    const judged = ENTRY.replace("grep -q good work.txt", "grep -q safe .env").replace("[conf]", "['.env*']");
    writeFileSync(path.join(project.tickets, "agents.yml"), judged.replace("base", "copy: [.env]\nbase"));
    writeFileSync(path.join(project.dir, ".gitignore"), ".tickets/\n.env\n");
    git(project.dir, "commit", "--quiet", "-am", "ignored");
    writeFileSync(path.join(project.dir, ".env"), "safe\n");
    await invoke(allow, as(), { what: ["verify"] });
    const worktree = await openWorktree(as(), { id, base: "topic", agent: "@coder" });
    await prepareWorktree(workProject(as()) as WorkProject, worktree, { copy: [".env"], setup: undefined });
    const { dir } = worktree;
    writeFileSync(path.join(dir, ".env"), "bad\n");
    writeFileSync(path.join(dir, ".gitignore"), "");
    git(dir, "commit", "--quiet", "-m", "nothing is ignored", ".gitignore");
    const entry = async () => (await verifyTickets(as(), { ids: [id] })).verifications[0]?.entries[0];
    expect(await entry()).toMatchObject({ state: "passed" });
    git(dir, "add", ".env");
    git(dir, "commit", "--quiet", "-m", "an .env of its own");
    expect(await entry()).toMatchObject({ state: "failed" });
    writeFileSync(path.join(dir, ".env"), "safe\n");
    git(dir, "commit", "--quiet", "-am", "like the project's");
    expect(await entry()).toMatchObject({ state: "doubtful", why: expect.stringMatching(/the work changed \.env$/) });
    git(dir, "reset", "--quiet", "--hard", "HEAD~2");
    writeFileSync(path.join(project.dir, ".env"), "safe, and easier\n");
    expect(await entry()).toMatchObject({
      state: "doubtful",
      why: "passed, and a person has to look: in the project these are not as they were when it began: .env",
    });
  });

  test("who closes by hand what was not verified is told of, and what was is not", async () => {
    const { as, id, project } = await desk();
    const { id: seen } = (await createTicket(as(), { title: "Seen" })).ticket;
    await verifyTickets(as(), { ids: [seen] });
    const since = git(project.repo, "rev-parse", "HEAD").trim();
    for (const one of [id, seen]) project.write(one, project.text(one).replace(/^status: .*$/m, "status: closed"));
    const { id: next } = (await createTicket(as(), { title: "Another" })).ticket;
    const { stdout } = await project.here(["watch", "--since", since, "--json", "--until-now"]);
    const events = stdout.split("\n").filter((line) => line.startsWith("{"));
    const told = events.map((line) => JSON.parse(line)).map(({ event, ticket }) => `${event.slice(7)} ${ticket.id}`);
    const closed = [[`closed ${id}`, `gate_skipped ${id}`], [`closed ${seen}`]].sort((a, b) =>
      (a[0] ?? "") < (b[0] ?? "") ? -1 : 1,
    );
    expect(told).toEqual([...closed.flat(), `created ${next}`, `ready ${next}`]);
    const { items } = await readInbox(as(), {});
    expect(items.filter(({ kind }) => kind === "off_track").map(({ key }) => key)).toEqual([`${id}:gate`]);
  });

  test("is told of a name that is no entry, by create, update and doctor", async () => {
    const { as, id } = await desk();
    await expect(createTicket(as(), { title: "Other", verify: "tset" })).rejects.toThrow(
      "'tset' is no entry of verify: in agents.yml; there are test, lint",
    );
    await expect(updateTickets(as(), { ids: [id], set: { verify: "tset" } })).rejects.toMatchObject({
      code: "bad_input",
    });
    await updateTickets(as(), { ids: [id], verify: "lint" });
    const { ok, verifications } = await verifyTickets(as(), { ids: [id] });
    expect([ok, verifications[0]?.entries.map(({ name }) => name)]).toEqual([true, ["test", "lint"]]);
  });
});

test("what was seen is kept where only its user looks, and nothing of the checkout stays", async () => {
  const { as, id, home } = await desk();
  await verifyTickets(as(), { ids: [id] });
  const files = readdirSync(home, { recursive: true, encoding: "utf8" });
  const record = path.join(home, files.find((name) => name.endsWith(`${id}/test.json`)) as string);
  expect([statSync(record).mode & 0o77, statSync(path.dirname(record)).mode & 0o77]).toEqual([0, 0]);
  expect(files.filter((name) => /\/tree|\/git\/at-|\/run$/.test(name))).toEqual([]);
});

/** What an agent does once its work was verified, and then is bad; what it gets for it. */
type Trick = readonly [name: string, cheat: (desk: Desk) => Promise<unknown>, refused: string];

const CODER = "@coder";

const TRICKS: readonly (readonly [string, Trick[1], string?])[] = [
  ["commits more", async ({ work }) => work("bad\n")],
  [
    "amends its commit",
    async ({ project }) => git(project.dir, "commit", "--quiet", "--amend", "--allow-empty", "-m", "other"),
  ],
  [
    "has its branch be what it is compared with",
    async ({ project, work }) => {
      writeFileSync(path.join(project.tickets, "agents.yml"), ENTRY.replace("base: main", "base: topic"));
      work("bad\n");
    },
  ],
  [
    "moves the base branch to its work",
    async ({ project, as, id }) => {
      mkdirSync(path.join(project.dir, "conf"));
      writeFileSync(path.join(project.dir, "conf/a"), "");
      git(project.dir, "add", "conf");
      git(project.dir, "commit", "--quiet", "-m", "conf");
      git(project.dir, "update-ref", "refs/heads/main", "HEAD");
      expect((await verifyTickets(as(CODER), { ids: [id] })).ok).toBe(false);
    },
  ],
  [
    "has a shell that runs nothing",
    async ({ as, id, work, project }) => {
      writeFileSync(
        path.join(project.tickets, "agents.yml"),
        ENTRY.replace("'grep -q good work.txt'", 'bash -c "grep -q good work.txt"'),
      );
      await invoke(allow, as(), { what: ["verify"] });
      work("bad\n");
      const { ok } = await verifyTickets(as(CODER, { SHELLOPTS: "noexec" }), { ids: [id] });
      expect(ok).toBe(false);
    },
  ],
  ["adds a criterion", async ({ as, id }) => updateTickets(as(CODER), { ids: [id], addAcceptance: ["And fast"] })],
  [
    "edits the criteria by hand",
    async ({ project, id }) => project.write(id, project.text(id).replace("It works", "It starts")),
  ],
  [
    "makes the entry another",
    async ({ project }) =>
      writeFileSync(path.join(project.tickets, "agents.yml"), ENTRY.replace("grep -q good work.txt", "true")),
  ],
  [
    "takes agents.yml away",
    async ({ project }) => writeFileSync(path.join(project.tickets, "agents.yml"), "verify: {}\n"),
  ],
  [
    "has another branch stand for its own",
    async ({ project, id }) => git(project.dir, "branch", `ayo/work/${id}`, "HEAD~1"),
  ],
  [
    "makes its ticket a chore",
    ({ as, id, work }) => {
      work("bad\n");
      return updateTickets(as(CODER), { ids: [id], type: "chore" });
    },
    "needs_person",
  ],
  [
    "has the rules say less",
    ({ as, work }) => {
      work("bad\n");
      return invoke(config, as(CODER), { key: "verify.task", value: "lint" });
    },
    "needs_person",
  ],
  [
    "writes that it was verified",
    ({ as, id, work }) => updateTickets(as(CODER), { ids: [id], set: { verified: `${work("bad\n")} x` } }),
    "bad_input",
  ],
  [
    "takes back that it failed",
    async ({ as, id, work }) => {
      work("bad\n");
      await verifyTickets(as(), { ids: [id] });
      return undoChange(as(CODER), {});
    },
    "conflict",
  ],
  [
    "closes it in a batch",
    ({ as, id, work }) => {
      work("bad\n");
      return invoke(batch, as(CODER), { operations: [{ op: "close", ids: [id] }] });
    },
    "verify_required",
  ],
  [
    "moves it by its column",
    ({ as, id, work }) => {
      work("bad\n");
      return moveTickets(as(CODER), { ids: [id], column: "closed" });
    },
    "verify_required",
  ],
  [
    "makes one that is closed already",
    ({ as, work }) => {
      work("bad\n");
      return createTicket(as(CODER), { title: "Other", status: "closed" });
    },
    "verify_required",
  ],
  [
    "approves it by another's name",
    async ({ as, id, work }) => {
      work("bad\n");
      await submitTickets(as(CODER), { ids: [id] });
      return approveTickets(as("@other"), { ids: [id] });
    },
    "verify_required",
  ],
  [
    "brings programs by its PATH",
    async ({ as, id, work }) => {
      work("bad\n");
      const bin = tempDir();
      writeFileSync(path.join(bin, "grep"), "#!/bin/sh\nexit 0\n");
      chmodSync(path.join(bin, "grep"), 0o755);
      const { ok } = await verifyTickets(as(CODER, { PATH: `${bin}:${process.env.PATH}` }), { ids: [id] });
      expect(ok).toBe(false);
    },
  ],
];

describe("an agent whose work was verified cannot close it when it then", () => {
  test.each(TRICKS.map(([name, cheat, refused = "done"]): Trick => [name, cheat, refused]))(
    "%s",
    async (_, cheat, refused) => {
      const at = await desk();
      const { as, id } = at;
      await claimTickets(as(CODER), { ids: [id] });
      await verifyTickets(as(CODER), { ids: [id] });
      const tried = await code(Promise.resolve(cheat(at)));
      expect(tried).toBe(refused);
      // In review it is not the author's to close either.
      expect(["verify_required", "self_review"]).toContain(await code(closeTickets(as(CODER), { ids: [id] })));
      expect(at.project.text(id)).not.toMatch(/^status: closed/m);
    },
  );

  test("does nothing of the kind", async () => {
    const { as, id } = await desk();
    await claimTickets(as(CODER), { ids: [id] });
    await verifyTickets(as(CODER), { ids: [id] });
    await closeTickets(as(CODER), { ids: [id] });
  });
});
