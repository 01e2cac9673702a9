import path from "node:path";
import { describe, expect, test } from "vitest";
import type { AyoError } from "../../src/error.ts";
import {
  addNote,
  approveTickets,
  cancelTickets,
  claimTickets,
  createTicket,
  moveTickets,
  rejectTickets,
  releaseTickets,
  renewClaims,
  startTickets,
  submitTickets,
  undoChange,
} from "../../src/index.ts";
import { git } from "../helpers/git.ts";
import { givePhases } from "../helpers/phases.ts";
import { tempDir } from "../helpers/tempDir.ts";
import { type TempStore, tempStore, writeTickets } from "../helpers/tempStore.ts";

const START = Date.parse("2026-11-21T10:00:00Z");

/** A store with one ticket that @amy submitted; `at(minutes)` opens it at that time. */
async function submitted() {
  const project = await tempStore({ project: true });
  givePhases(project);
  const at = (minutes = 0, cwd = project.dir) => project.open({ now: () => START + minutes * 60_000, cwd });
  const { id } = (await createTicket(at(), { title: "One" })).ticket;
  const ids = [id];
  await claimTickets(at(), { ids, as: "@amy" });
  await submitTickets(at(), { ids, as: "@amy" });
  return { project, at, id, ids };
}

async function refusal(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => "it was not refused",
    (error: AyoError) => error,
  );
}

function lastEvent({ repo }: TempStore): string {
  return git(repo, "log", "-1", "--format=%an %(trailers:key=Event,valueonly)").trim();
}

describe("a claim for review", () => {
  test("keeps the column and where the work lies, and makes nobody an author", async () => {
    const { project, at, id, ids } = await submitted();
    const head = git(project.dir, "rev-parse", "HEAD");
    git(project.dir, "commit", "--quiet", "--allow-empty", "-m", "something else");
    const { tickets } = await claimTickets(at(), { ids, as: "@rex" });
    const claim = { by: "@rex", until: "2026-11-21T10:15:00Z", branch: "main", head };
    expect(tickets[0]).toMatchObject({ status: "in_review", authors: ["@amy"], claim });
    expect(lastEvent(project)).toBe("rex claimed");
    expect(project.text(id)).toContain("authors: ['@amy']");
    const closed = await approveTickets(at(1), { ids, as: "@rex" });
    expect(closed.tickets).toMatchObject([{ status: "closed", claim: null, authors: ["@amy"] }]);
    expect(project.text(id)).not.toMatch(/^(claim|lease)/m);
    project.judge();
  });

  test("writes down whose work it is where nobody had, as in a store of old", async () => {
    const project = await tempStore();
    const at = () => project.open();
    writeTickets(project, {
      old: "Old\nstatus: in_review\nclaimed-by: '@amy'",
      given: "Given\nstatus: in_review\nassignee: ['@amy', Mara Lind]",
      bare: "Bare\nstatus: in_review",
    });
    // A person's, from before there were agents.
    await addNote(at(), { id: "old", text: "Have a look" });
    await claimTickets(at(), { ids: ["old", "given", "bare"], as: "@rex" });
    expect(project.text("old")).toContain("authors: ['@amy']");
    expect(project.text("given")).toContain("authors: ['@amy', Mara Lind]");
    for (const id of ["old", "given"]) {
      expect(await refusal(approveTickets(at(), { ids: [id], as: "@amy" }))).toMatchObject({ code: "self_review" });
    }
    await approveTickets(at(), { ids: ["old", "given", "bare"], as: "@rex" });
  });

  test("is not for the author, also from another's hand, nor in a name that is borrowed", async () => {
    const { project, ids, id, at } = await submitted();
    const self = { code: "self_review" };
    expect(await refusal(claimTickets(at(), { ids, as: "@amy" }))).toMatchObject(self);
    expect(await refusal(claimTickets(at(), { ids, as: "@lead", for: "@amy" }))).toMatchObject(self);
    const env = { AYO_AGENT: "@amy" };
    for (const what of [[id], ["--next", "--role", "reviewer"]]) {
      const { code, stderr } = await project.run(["ticket", "claim", ...what, "--as", "@rex"], { env });
      expect([code, stderr]).toEqual([1, expect.stringContaining("reviewing as @rex is not yours to do")]);
    }
    await claimTickets(at(), { ids, as: "@lead", for: "@rex" });
    expect(project.text(id)).toContain("claimed-by: '@rex'");
  });

  test("keeps other agents from judging, moving and taking; people and the holder may", async () => {
    const { at, id, ids } = await submitted();
    await claimTickets(at(), { ids, as: "@rex" });
    const held = { code: "claimed", data: { by: "@rex", until: "2026-11-21T10:15:00Z" } };
    const ways = [
      () => claimTickets(at(), { ids, as: "@bob" }),
      () => approveTickets(at(), { ids, as: "@bob" }),
      () => rejectTickets(at(), { ids, message: "No", as: "@bob" }),
      () => releaseTickets(at(), { ids, as: "@bob" }),
      () => renewClaims(at(), { ids, as: "@bob" }),
      () => cancelTickets(at(), { ids, as: "@bob" }),
      () => moveTickets(at(), { ids, column: "in_progress", as: "@amy" }),
    ];
    for (const way of ways) expect(await refusal(way())).toMatchObject(held);
    expect((await addNote(at(), { id, text: "See also the guide", as: "@amy" })).notices).toEqual([]);
    const { tickets, notices } = await approveTickets(at(), { all: true, as: "@bob" });
    expect([tickets, notices]).toEqual([[], [`others are reviewing: ${id}`]]);
    expect(await refusal(claimTickets(at(), { ids, as: "@rex" }))).toMatchObject({ data: { yours: true } });
    expect(await refusal(startTickets(at(), { ids, as: "@rex" }))).toMatchObject({ code: "transition_refused" });
    expect((await rejectTickets(at(), { ids, message: "No" })).tickets).toMatchObject([
      { status: "open", claim: null },
    ]);
  });

  test("is renewed, given back and runs out like any other, and the ticket stays in review", async () => {
    const { project, at, id, ids } = await submitted();
    await claimTickets(at(), { ids, as: "@rex" });
    expect((await renewClaims(at(5), { as: "@rex" })).tickets).toMatchObject([
      { claim: { until: "2026-11-21T10:20:00Z" } },
    ]);
    await addNote(at(14), { id, text: "Reading", as: "@rex" });
    expect(project.text(id)).toContain("lease: 2026-11-21T10:29:00Z");
    const free = { status: "in_review", claim: null, authors: ["@amy"] };
    expect((await releaseTickets(at(15), { ids, as: "@rex" })).tickets).toMatchObject([free]);
    expect(lastEvent(project)).toBe("rex released");
    expect(project.text(id)).toMatch(/^claim-head: /m);
    expect(await refusal(releaseTickets(at(15), { ids, as: "@rex" }))).toMatchObject({ code: "transition_refused" });
    await claimTickets(at(15), { next: true, role: "reviewer", as: "@rex" });
    const other = await claimTickets(at(31), { next: true, role: "reviewer", as: "@sol" });
    expect(other.tickets).toMatchObject([{ id, status: "in_review", claim: { by: "@sol" } }]);
    expect(project.subjects()[1]).toBe(`lease of @rex ran out on ${id}: One`);
    expect(project.text(id)).toContain("The review of @rex ran out at 2026-11-21T10:30:00Z.");
    const lost = await refusal(approveTickets(at(31), { ids, as: "@rex" }));
    expect(lost).toMatchObject({ code: "lost_claim", data: { by: "@sol" } });
    await rejectTickets(at(32), { ids, message: "No", as: "@sol" });
    const [back] = (await claimTickets(at(33), { next: true, as: "@amy" })).tickets;
    expect([back?.id, back?.leftover]).toEqual([id, undefined]);
    project.judge();
  });

  test("ends with a move: to a second review nobody holds it, back in work its author does", async () => {
    const { project, at, id, ids } = await submitted();
    await claimTickets(at(), { ids, as: "@rex" });
    await moveTickets(at(), { ids, column: "audit", as: "@rex" });
    expect(project.text(id)).not.toMatch(/^(claimed-by|lease|claim):/m);
    const [audited] = (await claimTickets(at(), { next: true, role: "security", as: "@sec" })).tickets;
    expect(audited).toMatchObject({ id, status: "audit", claim: { by: "@sec" } });
    const { tickets } = await moveTickets(at(), { ids, column: "in_progress" });
    expect(tickets).toMatchObject([{ authors: ["@amy"], claim: { by: "@amy", until: "2026-11-21T10:15:00Z" } }]);
  });

  test("by a person has no lease, and makes no author either", async () => {
    const { project, at, id, ids } = await submitted();
    await claimTickets(at(), { ids });
    expect(project.text(id)).toMatch(/^claimed-by: 'Test User'$/m);
    expect(project.text(id)).not.toMatch(/^lease:/m);
    expect(await refusal(approveTickets(at(), { ids, as: "@rex" }))).toMatchObject({ code: "claimed" });
    await approveTickets(at(), { ids });
  });

  test("is one worktree's, and its token is known there", async () => {
    const { project, at, ids } = await submitted();
    const target = path.join(tempDir(), "rex");
    git(project.dir, "worktree", "add", "--quiet", "-b", "rex", target);
    await claimTickets(at(0, target), { ids, as: "@rex", claim: "token-of-rex" });
    expect(await refusal(approveTickets(at(), { ids, as: "@rex", claim: "another" }))).toMatchObject({
      code: "lost_claim",
    });
    await approveTickets(at(0, target), { ids, as: "@rex" });
  });
});

test("undoing a claim for review leaves the ticket as it was handed in, and makes no author either", async () => {
  const { project, at, id, ids } = await submitted();
  const handedIn = project.text(id);
  await claimTickets(at(), { ids, as: "@rex" });
  await undoChange(at(), { what: id, as: "@rex" });
  expect(project.text(id)).toBe(handedIn);
  await claimTickets(at(), { ids, as: "@rex" });
  await undoChange(at(), { what: id, as: "@sol" }).catch(() => {});
  expect(project.text(id)).toContain("claimed-by: '@rex'");
  await approveTickets(at(), { ids, as: "@rex" });
});

test("an edit by hand drops no claim for review, and what is handed in by hand has no reviewer", async () => {
  const { project, at, id, ids } = await submitted();
  await claimTickets(at(), { ids, as: "@rex" });
  project.write(id, project.text(id).replaceAll(/^(claimed-by|lease|claim): .*\n/gm, ""));
  expect(await refusal(approveTickets(at(), { ids, as: "@sol" }))).toMatchObject({ code: "claimed" });
  expect(project.text(id)).toContain("claimed-by: '@rex'");
  const { ticket } = await createTicket(at(), { title: "Two" });
  await claimTickets(at(), { ids: [ticket.id], as: "@amy" });
  project.write(ticket.id, project.text(ticket.id).replace("in_progress", "in_review"));
  const subjects = project.subjects().length;
  await addNote(at(60), { id: ticket.id, text: "Later", as: "@kim" });
  // The reviewer's lease ran out meanwhile; the author's is nobody's to take back.
  expect(project.subjects().slice(0, project.subjects().length - subjects)).toEqual([
    `note ${ticket.id}: Later`,
    `lease of @rex ran out on ${id}: One`,
    expect.stringContaining("by hand"),
  ]);
  const [next] = (await claimTickets(at(60), { ids: [ticket.id], as: "@rex" })).tickets;
  expect(next).toMatchObject({ status: "in_review", authors: ["@amy"], claim: { by: "@rex" } });
});

test("of two who claim one review at once exactly one gets it", async () => {
  const { project, id } = await submitted();
  const claims = ["@rex", "@sol", "@kim"].map((as) =>
    project.run(["ticket", "claim", "--next", "--role", "reviewer", "-q", "--as", as]),
  );
  const taken = (await Promise.all(claims)).map(({ code, stdout }) => [code, stdout.trim()]);
  expect(taken.sort()).toEqual([
    [0, ""],
    [0, ""],
    [0, id],
  ]);
  project.judge();
});
