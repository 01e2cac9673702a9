import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import type { AyoError } from "../../src/error.ts";
import {
  addNote,
  applyBatch,
  assignTickets,
  blockTickets,
  claimTickets,
  closeTickets,
  createTicket,
  listTickets,
  readyTickets,
  releaseTickets,
  renewClaims,
  showTicket,
  startTickets,
  updateTickets,
} from "../../src/index.ts";
import type { Store } from "../../src/store/open/store.ts";
import { git } from "../helpers/git.ts";
import { tempDir } from "../helpers/tempDir.ts";
import { type TempStore, tempStore } from "../helpers/tempStore.ts";

const START = Date.parse("2026-11-21T10:00:00Z");
const MINUTE = 60_000;

/** A store with a clock of its own: `store(minutes, cwd)` opens it as a process would at that time and place. */
async function clockwork() {
  const project = await tempStore({ project: true });
  const store = (minutes = 0, cwd = project.dir): Store => project.open({ now: () => START + minutes * MINUTE, cwd });
  const make = async (title: string, more: object = {}): Promise<string> =>
    (await createTicket(store(-1), { title, ...more })).ticket.id;
  return { project, store, make };
}

/** A linked worktree of the project. */
function worktree({ dir }: TempStore, name: string): string {
  const target = path.join(tempDir(), name);
  git(dir, "worktree", "add", "--quiet", "-b", name, target);
  return target;
}

async function refusal(promise: Promise<unknown>): Promise<Pick<AyoError, "code" | "message" | "data" | "try">> {
  return promise.then(
    () => ({ code: "internal" as const, message: "it was not refused", data: undefined, try: undefined }),
    (error: AyoError) => error,
  );
}

const idsOf = ({ tickets }: { readonly tickets: readonly { readonly id: string }[] }) => tickets.map(({ id }) => id);

describe("claim", () => {
  test("writes who, until when, the token and where the work begins; JSON has the same", async () => {
    const { project, store, make } = await clockwork();
    const id = await make("One");
    const { tickets, commit } = await claimTickets(store(), { ids: [id], as: "@amy" });
    const head = git(project.dir, "rev-parse", "HEAD");
    const claim = { by: "@amy", until: "2026-11-21T10:15:00Z", token: expect.stringMatching(/^[0-9a-f]{16}$/) };
    expect(tickets[0]).toMatchObject({ status: "in_progress", claim: { ...claim, branch: "main", head } });
    expect(project.text(id)).toMatch(/^claimed-by: '@amy'\nlease: 2026-11-21T10:15:00Z\nclaim: /m);
    expect(project.text(id)).not.toContain(project.dir);
    expect(git(project.repo, "log", "-1", "--format=%H %an %(trailers:key=Event,valueonly)").trim()).toBe(
      `${commit} amy claimed`,
    );
    project.judge();
  });

  test("--next: what is assigned to the caller, then what is nobody's by priority and age, never somebody else's", async () => {
    const { store, make } = await clockwork();
    const low = await make("low", { priority: 3 });
    await make("another's", { priority: 0, assignee: "@bob" });
    const high = await make("high", { priority: 1 });
    const mine = await make("mine", { priority: 4, assignee: "@amy" });
    await make("waits", { priority: 0, deps: [low] });
    const taken = [];
    for (let n = 0; n < 4; n++) taken.push(...idsOf(await claimTickets(store(), { next: true, as: "@amy" })));
    expect(taken).toEqual([mine, high, low]);
  });

  test("--next --count takes as many as there are, of the type, tag, project and role that are asked for", async () => {
    const { store, make } = await clockwork();
    const bug = await make("bug", { type: "bug", tags: ["a", "b"], project: "web" });
    const chore = await make("chore", { type: "chore", tags: ["a"] });
    const plan = await make("plan", { role: "manager" });
    const dry = async (more: object) =>
      idsOf(await claimTickets(store(), { next: true, count: 9, as: "@amy", dryRun: true, ...more })).sort();
    expect(await dry({ type: ["bug"] })).toEqual([bug]);
    expect(await dry({ tag: ["a"] })).toEqual([bug, chore].sort());
    expect(await dry({ tag: ["a", "b"] })).toEqual([bug]);
    expect(await dry({ project: "web" })).toEqual([bug]);
    expect(await dry({ query: "type:bug,chore -tag:b" })).toEqual([chore]);
    expect(await dry({ query: "project:web", tag: ["a"] })).toEqual([bug]);
    expect(await dry({ role: "worker" })).toEqual([bug, chore].sort());
    expect(await dry({ role: "Manager" })).toEqual([plan]);
    expect(await dry({})).toHaveLength(3);
  });

  test("what is held, finished, parked, in review or waiting is refused with the reason", async () => {
    const { store, make } = await clockwork();
    const held = await make("held");
    await claimTickets(store(), { ids: [held], as: "@amy" });
    const done = await make("done");
    await closeTickets(store(), { ids: [done] });
    const parked = await make("parked");
    await blockTickets(store(), { ids: [parked], message: "the host is down" });
    const waits = await make("waits", { deps: [held] });
    const begun = await make("begun");
    await startTickets(store(), { ids: [begun] });
    const claim = (id: string, as = "@bob") => refusal(claimTickets(store(), { ids: [id], as }));
    expect(await claim(held)).toMatchObject({ code: "claimed", data: { by: "@amy", until: "2026-11-21T10:15:00Z" } });
    expect(await claim(held, "@amy")).toMatchObject({ code: "claimed", data: { yours: true } });
    expect(await claim(done)).toMatchObject({ code: "transition_refused", try: ["ayo", "ticket", "reopen", done] });
    expect((await claim(parked)).message).toBe(`${parked} is blocked: the host is down`);
    expect(await claim(waits)).toMatchObject({ code: "blocked" });
    expect(await claim(begun)).toMatchObject({ code: "claimed", data: { by: "Test User" } });
  });

  test("of several tickets is all or nothing", async () => {
    const { project, store, make } = await clockwork();
    const [one, two] = [await make("one"), await make("two")];
    await claimTickets(store(), { ids: [two], as: "@amy" });
    await refusal(claimTickets(store(), { ids: [one, two], as: "@bob" }));
    expect(project.text(one)).toContain("status: open");
  });

  test("with a token of the caller's own can be repeated safely", async () => {
    const { store, make } = await clockwork();
    const id = await make("One");
    const claim = (minutes: number) => claimTickets(store(minutes), { ids: [id], as: "@amy", claim: "session-1" });
    await claim(0);
    const { tickets } = await claim(10);
    expect(tickets[0]?.claim).toMatchObject({ token: "session-1", until: "2026-11-21T10:25:00Z" });
    expect(await refusal(claimTickets(store(), { ids: [id], as: "@amy", claim: "a b" }))).toMatchObject({
      code: "bad_input",
    });
  });

  test("--for hands a ticket over, also one's own: the old token does not count any more", async () => {
    const { project, store, make } = await clockwork();
    const id = await make("One");
    await claimTickets(store(), { ids: [id], as: "@lead" });
    const { tickets } = await claimTickets(store(1), { ids: [id], as: "@lead", for: "@amy" });
    expect(tickets[0]?.claim).toMatchObject({ by: "@amy", branch: null });
    expect(await refusal(closeTickets(store(2), { ids: [id], as: "@lead" }))).toMatchObject({ code: "claimed" });
    await closeTickets(store(2, worktree(project, "amy")), { ids: [id], as: "@amy" });
    expect(project.subjects()[1]).toBe(`claim ${id}: One for @amy`);
  });

  test("by a person has no lease unless one is asked for", async () => {
    const { store, make } = await clockwork();
    const [one, two] = [await make("one"), await make("two")];
    const mine = await claimTickets(store(), { ids: [one] });
    const leased = await claimTickets(store(), { ids: [two], lease: "1h" });
    expect([mine.tickets[0]?.claim?.until, leased.tickets[0]?.claim?.until]).toEqual([null, "2026-11-21T11:00:00Z"]);
    expect(idsOf(await readyTickets(store(1000), {}))).toEqual([two]);
  });

  test("takes the lease of config.yml, and refuses one that is none", async () => {
    const { project, store, make } = await clockwork();
    const id = await make("One");
    writeFileSync(path.join(project.tickets, "config.yml"), "claims: {lease: 90s}\n");
    const { tickets } = await claimTickets(store(), { ids: [id], as: "@amy" });
    expect(tickets[0]?.claim?.until).toBe("2026-11-21T10:01:30Z");
    for (const lease of ["soon", "0s", "-1m"]) {
      expect(await refusal(claimTickets(store(), { next: true, lease, as: "@amy" }))).toMatchObject({
        code: "bad_input",
      });
    }
    writeFileSync(path.join(project.tickets, "config.yml"), "claims: {lease: soon}\n");
    expect(await refusal(readyTickets(store(), {}))).toMatchObject({ code: "bad_config" });
  });

  test("never waits for git: it is refused while somebody holds git's lock, and so is an agent's start", async () => {
    const { project, store, make } = await clockwork();
    const id = await make("One");
    writeFileSync(path.join(project.tickets, ".git", "index.lock"), "");
    const before = project.text(id);
    expect(await refusal(claimTickets(store(), { ids: [id], as: "@amy" }))).toMatchObject({ code: "git_busy" });
    expect(await refusal(startTickets(store(), { ids: [id], as: "@amy" }))).toMatchObject({ code: "git_busy" });
    const batch = applyBatch(store(), { operations: [{ op: "start", ids: [id] }], as: "@amy" });
    expect(await refusal(batch)).toMatchObject({ code: "git_busy" });
    expect(project.text(id)).toBe(before);
  });

  test("an agent's start is a claim; a person's is not", async () => {
    const { store, make } = await clockwork();
    const [one, two] = [await make("one"), await make("two")];
    const agent = await startTickets(store(), { ids: [one], as: "@amy" });
    const person = await startTickets(store(), { ids: [two] });
    expect(agent.tickets[0]).toMatchObject({ assignee: null, claim: { by: "@amy", until: "2026-11-21T10:15:00Z" } });
    expect(person.tickets[0]).toMatchObject({ assignee: "Test User", claim: null });
    expect(await refusal(startTickets(store(), { ids: [one], as: "@bob" }))).toMatchObject({ code: "claimed" });
    const again = await startTickets(store(), { ids: [one], as: "@amy" });
    expect([again.tickets[0]?.from, again.commit]).toEqual(["in_progress", null]);
  });
});

describe("a lease", () => {
  test("that ran out makes its ticket ready at once for readers, and the next write records it", async () => {
    const { project, store, make } = await clockwork();
    const id = await make("One");
    await claimTickets(store(), { ids: [id], as: "@amy" });
    const before = project.subjects().length;
    expect(idsOf(await readyTickets(store(14), {}))).toEqual([]);
    const { tickets } = await readyTickets(store(16), {});
    expect(tickets[0]).toMatchObject({ id, claim: null });
    expect(project.subjects()).toHaveLength(before);
    const { notices } = await createTicket(store(16), { title: "Other" });
    expect(notices).toEqual([`lease of @amy ran out on ${id}: One`]);
    const head = git(project.dir, "rev-parse", "--short=12", "HEAD");
    expect(project.text(id)).toMatch(
      /status: open\n[\s\S]*\*\* ayo\n\nThe lease of @amy ran out at 2026-11-21T10:15:00Z/,
    );
    expect(project.text(id)).toContain(`The work is on branch main at ${head}.`);
    expect(project.text(id)).not.toMatch(/^(claim|lease|started)/m);
    expect(git(project.repo, "log", "-1", "--skip=1", "--format=%an %(trailers:key=Event,valueonly)").trim()).toBe(
      "ayo lease_expired",
    );
    project.judge();
  });

  test("is renewed by what its holder writes once half of it is gone, in the same commit; not by others, nor by reading", async () => {
    const { project, store, make } = await clockwork();
    const id = await make("One");
    const other = await make("Other");
    const until = async () => (await listTickets(store(), {})).tickets.find((ticket) => ticket.id === id)?.claim?.until;
    await claimTickets(store(), { ids: [id], as: "@amy", lease: "20m" });
    const claimed = project.subjects().length;
    await addNote(store(9), { id, text: "early", as: "@amy" });
    await addNote(store(11), { id, text: "another's", as: "@bob" });
    await showTicket(store(12), { id });
    expect(await until()).toBe("2026-11-21T10:20:00Z");
    await addNote(store(12), { id, text: "late", as: "@amy" });
    expect(await until()).toBe("2026-11-21T10:32:00Z");
    await updateTickets(store(25), { ids: [other], priority: 0, as: "@amy" });
    expect(await until()).toBe("2026-11-21T10:45:00Z");
    expect(project.subjects().length - claimed).toBe(4);
    project.judge();
  });

  test("is not renewed by work on something else once its holder has another claim: a forgotten ticket comes back", async () => {
    const { store, make } = await clockwork();
    const [one, two] = [await make("one", { priority: 0 }), await make("two")];
    await claimTickets(store(), { next: true, as: "@amy" });
    await claimTickets(store(9), { next: true, as: "@amy" });
    await addNote(store(14), { id: two, text: "at it", as: "@amy" });
    const { tickets } = await claimTickets(store(18), { next: true, as: "@amy" });
    expect(tickets[0]).toMatchObject({ id: one, leftover: { by: "@amy", at: "2026-11-21T10:15:00Z", branch: "main" } });
  });

  test("that ran out and that nobody took is renewed by its holder's next write, and not given back", async () => {
    const { project, store, make } = await clockwork();
    const id = await make("One");
    await claimTickets(store(), { ids: [id], as: "@amy" });
    await addNote(store(40), { id, text: "still here", as: "@amy" });
    expect(project.text(id)).toContain("lease: 2026-11-21T10:55:00Z");
    expect(project.subjects().filter((subject) => subject.startsWith("lease of"))).toEqual([]);
  });

  test("renew: these, or all that this worktree holds; only one's own", async () => {
    const { project, store, make } = await clockwork();
    const [one, two, three] = [await make("one"), await make("two"), await make("three")];
    await claimTickets(store(), { ids: [one, two], as: "@amy" });
    await claimTickets(store(0, worktree(project, "elsewhere")), { ids: [three], as: "@amy" });
    const all = await renewClaims(store(5), { lease: "1h", as: "@amy" });
    expect(idsOf(all).sort()).toEqual([one, two].sort());
    expect(all.tickets[0]?.claim?.until).toBe("2026-11-21T11:05:00Z");
    expect(await refusal(renewClaims(store(5), { ids: [one], as: "@bob" }))).toMatchObject({ code: "claimed" });
    expect(idsOf(await renewClaims(store(5), { as: "@bob" }))).toEqual([]);
    // A lease once made long stays as long when a write renews it.
    await addNote(store(40), { id: one, text: "at it", as: "@amy" });
    expect(project.text(one)).toContain("lease: 2026-11-21T11:40:00Z");
  });

  test("that cannot be read is taken as live, and one on a file that cannot be changed stops nobody else", async () => {
    const { project, store, make } = await clockwork();
    const [odd, stuck] = [await make("odd"), await make("stuck")];
    await claimTickets(store(), { ids: [odd], as: "@amy" });
    project.write(odd, project.text(odd).replace(/^lease: .*$/m, "lease: soon"));
    project.write(
      stuck,
      `---\n{id: ${stuck}, status: in_progress, claimed-by: "@bob", lease: 2026-01-01T00:00:00Z}\n---\n# stuck\n`,
    );
    await addNote(store(60), { id: odd, text: "hello", as: "@zoe" });
    expect(project.text(odd)).toContain("claimed-by: '@amy'");
    expect(await refusal(claimTickets(store(60), { ids: [odd], as: "@bob" }))).toMatchObject({ code: "claimed" });
    expect(project.text(stuck)).toContain('claimed-by: "@bob"');
  });

  test("on what was closed or submitted by hand is over: nothing is given back", async () => {
    const { project, store, make } = await clockwork();
    const [one, two] = [await make("one"), await make("two")];
    await claimTickets(store(), { ids: [one, two], as: "@amy" });
    project.write(one, project.text(one).replace("status: in_progress", "status: closed"));
    project.write(two, project.text(two).replace("status: in_progress", "status: in_review"));
    await createTicket(store(30), { title: "Other" });
    expect([project.text(one), project.text(two)].join()).not.toContain("ran out");
  });
});

describe("after a take-over", () => {
  async function takenOver(name = "@bob") {
    const all = await clockwork();
    const { project, store, make } = all;
    const id = await make("One");
    const there = worktree(project, "there");
    await claimTickets(store(), { ids: [id], as: "@amy" });
    await claimTickets(store(20, there), { ids: [id], as: name });
    return { ...all, id, there };
  }

  test.each(["@bob", "@amy"])(
    "by %s the loser cannot move the ticket, and learns who has it and that its work is safe",
    async (name) => {
      const { project, store, id, there } = await takenOver(name);
      const head = git(project.dir, "rev-parse", "HEAD");
      for (const move of [closeTickets, releaseTickets, renewClaims, blockTickets]) {
        const lost = await refusal(move(store(21), { ids: [id], as: "@amy" }));
        expect(lost).toMatchObject({
          code: "lost_claim",
          data: { id, by: name, theirs: { branch: "there", head }, yours: { branch: "main", head } },
        });
        expect(lost.message).toContain(
          `${name} holds it now until 2026-11-21T10:35:00Z; your commits are safe on branch main`,
        );
      }
      await closeTickets(store(22, there), { ids: [id], as: name });
      expect(await refusal(closeTickets(store(23), { ids: [id], as: "@amy" }))).toMatchObject({ code: "lost_claim" });
      project.judge();
    },
  );

  test("its note is kept, and says that the claim is lost", async () => {
    const { project, store, id } = await takenOver();
    const { notices } = await addNote(store(21), { id, text: "half of it is done", as: "@amy" });
    expect(notices).toEqual([expect.stringContaining("@bob holds it now")]);
    expect(project.text(id)).toContain("half of it is done");
    expect(project.text(id)).toContain("lease: 2026-11-21T10:35:00Z");
  });

  test("a token given by flag or AYO_CLAIM proves the claim from anywhere, a wrong one does not", async () => {
    const { project, store, id, there } = await takenOver();
    const token = /^claim: (.*)$/m.exec(project.text(id))?.[1] ?? "";
    expect(await refusal(closeTickets(store(21, there), { ids: [id], as: "@bob", claim: "old" }))).toMatchObject({
      code: "lost_claim",
    });
    const env = { ...store().host.env, AYO_CLAIM: token };
    const elsewhere = project.open({ now: () => START + 21 * MINUTE, env });
    await addNote(elsewhere, { id, text: "from elsewhere", as: "@bob" });
    await closeTickets(store(22), { ids: [id], as: "@other", claim: token });
    expect(project.text(id)).toContain("status: closed");
  });

  test("tokens lie in the worktree's private git directory and go with the claim", async () => {
    const { project, store, make } = await clockwork();
    const id = await make("One");
    const there = worktree(project, "there");
    const folder = path.join(project.dir, ".git", "worktrees", path.basename(there), "ayo-claims");
    await claimTickets(store(0, there), { ids: [id], as: "@amy" });
    expect([existsSync(folder), git(project.dir, "status", "--porcelain")]).toEqual([true, ""]);
    await releaseTickets(store(1, there), { ids: [id], as: "@amy" });
    expect((await renewClaims(store(1, there), { as: "@amy" })).tickets).toEqual([]);
    await claimTickets(store(2), { ids: [id], as: "@bob" });
    // It gave the ticket back itself, so nothing was lost.
    expect(await refusal(closeTickets(store(3, there), { ids: [id], as: "@amy" }))).toMatchObject({ code: "claimed" });
  });
});

describe("release and people", () => {
  test("the holder gives back; another agent cannot, a person can with --force, an agent's --force is refused", async () => {
    const { project, store, make } = await clockwork();
    const id = await make("One");
    await claimTickets(store(), { ids: [id], as: "@amy" });
    const release = (more: object) => releaseTickets(store(1), { ids: [id], ...more });
    expect(await refusal(release({ as: "@bob" }))).toMatchObject({ code: "claimed" });
    expect(await refusal(release({ as: "@bob", force: true }))).toMatchObject({ code: "needs_person" });
    expect(await refusal(release({}))).toMatchObject({ code: "claimed" });
    await release({ force: true, message: "I need it" });
    expect(project.text(id)).not.toMatch(/^(claim|lease|started)/m);
    expect(project.text(id)).toContain("status: open");
    expect(await refusal(release({ as: "@amy" }))).toMatchObject({ code: "transition_refused" });
    await claimTickets(store(2), { ids: [id], as: "@amy" });
    await releaseTickets(store(3), { ids: [id], as: "@amy" });
    expect(git(project.repo, "log", "-1", "--format=%an %(trailers:key=Event,valueonly)").trim()).toBe("amy released");
  });

  test("other agents cannot move a held ticket in any way; people can finish it", async () => {
    const { project, store, make } = await clockwork();
    const id = await make("One");
    await claimTickets(store(), { ids: [id], as: "@amy" });
    const moves = [
      () => closeTickets(store(1), { ids: [id], as: "@bob", force: true }),
      () => updateTickets(store(1), { ids: [id], set: { status: "open" }, as: "@bob" }),
      () => applyBatch(store(1), { operations: [{ op: "cancel", id }], as: "@bob" }),
      () => updateTickets(store(1), { ids: [id], set: { status: "open" } }),
    ];
    for (const move of moves) expect(await refusal(move())).toMatchObject({ code: "claimed" });
    for (const key of ["claimed-by", "claimedBy", "lease", "claim", "claim-head"]) {
      const set = { [key]: "@bob" };
      expect(await refusal(updateTickets(store(1), { ids: [id], set, as: "@bob" }))).toMatchObject({
        code: "bad_input",
      });
    }
    await assignTickets(store(1), { ids: [id], assignee: "@bob", as: "@lead" });
    await closeTickets(store(1), { ids: [id] });
    expect(project.text(id)).not.toMatch(/^(claim|lease)/m);
  });
});

describe("an edit by hand", () => {
  async function edited(edit: (text: string) => string) {
    const { project, store, make } = await clockwork();
    const id = await make("One");
    await claimTickets(store(), { ids: [id], as: "@amy" });
    const before = project.text(id);
    project.write(id, edit(before));
    const { notices } = await createTicket(store(1), { title: "Other" });
    project.judge();
    return { project, id, before, notices, text: project.text(id), subjects: project.subjects().slice(1, 3) };
  }

  test.each([
    ["takes it", (text: string) => text.replace("claimed-by: '@amy'", "claimed-by: '@bob'")],
    ["drops it", (text: string) => text.replace(/^(claimed-by|lease|claim|claim-\w+): .*\n/gm, "")],
    ["ends the lease", (text: string) => text.replace(/^lease: .*$/m, "lease: 2026-01-01T00:00:00Z")],
    [
      "drops it with the status",
      (text: string) => text.replace(/^(claimed-by|lease): .*\n/gm, "").replace("in_progress", "open"),
    ],
  ])("that %s is committed, then ayo puts the live claim back", async (_, edit) => {
    const { project, id, before, notices, text, subjects } = await edited(edit);
    const claimOf = (of: string) =>
      of
        .split("\n")
        .filter((line) => /^(claim|lease)/.test(line))
        .sort();
    expect(claimOf(text)).toEqual(claimOf(before));
    expect(subjects).toEqual([`keep the claim of @amy on ${id}`, expect.stringContaining(`edit ${id} by hand`)]);
    expect(notices).toEqual([expect.stringContaining("by hand"), `keep the claim of @amy on ${id}`]);
    expect(git(project.repo, "log", "-1", "--skip=1", "--format=%an %(trailers:key=Event,valueonly)").trim()).toBe(
      "ayo claim_kept",
    );
  });

  test.each([
    [
      "finishes the ticket",
      (text: string) => text.replace(/^(claimed-by|lease|claim): .*\n/gm, "").replace("in_progress", "closed"),
    ],
    ["makes the lease longer", (text: string) => text.replace(/^lease: .*$/m, "lease: 2026-11-21T18:00:00Z")],
    ["changes something else", (text: string) => text.replace("priority: 2", "priority: 0")],
  ])("that %s stands", async (_, edit) => {
    const { before, text, subjects } = await edited(edit);
    expect(text).toBe(edit(before));
    expect(subjects[0]).toContain("by hand");
  });
});
