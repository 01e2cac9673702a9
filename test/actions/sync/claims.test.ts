import path from "node:path";
import { describe, expect, test } from "vitest";
import { git } from "../../helpers/git.ts";
import { laterCleanUp } from "../../helpers/laterCleanUp.ts";
import { claimScene } from "../../helpers/syncing/claimScene.ts";
import { tipOf } from "../../helpers/team.ts";
import type { TempStore } from "../../helpers/tempStore.ts";

const cleanUp = laterCleanUp();
/** The tests wait more than they do, and are played together. */
const scene = () => claimScene(cleanUp);

/** The answer of a claim, or its error. */
async function claims(store: TempStore, as: string, ...args: string[]) {
  const { stdout, stderr, code } = await store.here(["ticket", "claim", ...args, "--as", as, "--json"]);
  const json = JSON.parse(code === 0 ? stdout : stderr) as {
    confirmed?: string[];
    unconfirmed?: string[];
    notices?: string[];
    tickets?: { id: string }[];
    error?: { code: string; message: string; data: Record<string, unknown> };
  };
  return { code, ...json };
}

// First of all, since they wait longest.
describe.concurrent("leases", () => {
  test("who shows no sign of life for a whole lease, by the other one's clock, loses it", async () => {
    const { ann, bob, id, claimThere, quiet } = await scene();
    await claims(ann, "@a", id, "--lease", "3s");
    await ann.ayo("sync");
    await bob.ayo("sync");
    // The time that the ticket tells is over; how long it stood still nobody here can know yet.
    const late = { now: () => Date.now() + 60_000 };
    const early = await bob.here(["ticket", "claim", id, "--as", "@b"], late);
    expect([early.code, early.stderr]).toEqual([1, expect.stringContaining("is claimed by @a")]);
    await new Promise((resolve) => setTimeout(resolve, 4_100));
    expect(await claims(bob, "@b", id)).toMatchObject({ code: 0, confirmed: [id] });
    expect(claimThere()).toContain("Actor: @b");
    const { code, stderr } = await ann.here(["ticket", "renew", id, "--as", "@a"]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/your claim on .* ended|@b on/)]);
    await quiet(ann, bob);
    expect(ann.text(id)).toContain("claimed-by: '@b'");
  });

  test("a renewal past half of the lease is a sign of life", async () => {
    const { hub, ann, id } = await scene();
    await claims(ann, "@a", id, "--lease", "6s");
    const first = git(hub, "rev-parse", `refs/ayo/claims/${id}`);
    await ann.ayo("ticket", "renew", id, "--as", "@a");
    expect(git(hub, "rev-parse", `refs/ayo/claims/${id}`)).toBe(first);
    await new Promise((resolve) => setTimeout(resolve, 3_200));
    await ann.ayo("ticket", "note", id, "going on", "--as", "@a");
    expect(git(hub, "rev-parse", `refs/ayo/claims/${id}^`)).toBe(first);
  });
});

describe.concurrent("one remote decides", () => {
  test("who claims first has it, though the other one has heard nothing of it", async () => {
    const { ann, bob, id, claimThere, quiet } = await scene();
    expect(await claims(ann, "@a", id)).toMatchObject({ code: 0, confirmed: [id] });
    expect(claimThere()).toMatch(
      /^@a has [\s\S]*^Ticket: .*\nActor: @a\nToken: \w+\nHost: .+\nLease: 900000\nUntil: /m,
    );
    expect(await claims(bob, "@b", id)).toMatchObject({
      code: 1,
      error: { code: "claimed", data: { id, by: "@a", elsewhere: true } },
    });
    expect(bob.text(id)).toContain("status: open");
    expect(bob.subjects().join("\n")).not.toContain("claim");
    await quiet(ann, bob);
    expect(bob.text(id)).toContain("claimed-by: '@a'");
  });

  test("the next best is offered where the best is another's, and all of several are one push", async () => {
    const { ann, bob, id, other } = await scene();
    await claims(ann, "@a", id);
    const next = await claims(bob, "@b", "--next");
    expect(next).toMatchObject({ code: 0, confirmed: [other] });
    expect(await claims(bob, "@b", "--next")).toMatchObject({ code: 0, tickets: [] });
  });

  test("an agent's start is a claim, and a move by 'update' too", async () => {
    const { ann, bob, id, other, claimThere } = await scene();
    await ann.ayo("ticket", "start", id, "--as", "@a");
    expect(claimThere()).toContain("Actor: @a");
    await ann.ayo("ticket", "update", other, "--status", "in_progress", "--as", "@a");
    expect(claimThere(other)).toContain("Actor: @a");
    const { code, stderr } = await bob.here(["ticket", "start", other, "--as", "@b"]);
    expect([code, stderr]).toEqual([1, expect.stringContaining("is claimed by @a")]);
  });

  test.each(["close", "submit", "release"])("'%s' ends it, and says with which commit of the store", async (verb) => {
    const { ann, id, claimThere } = await scene();
    await claims(ann, "@a", id);
    await ann.ayo("ticket", verb, id, "--as", "@a");
    expect(claimThere()).toMatch(new RegExp(`^Ended: \\w+ ${tipOf(ann)}$`, "m"));
  });

  test("who lacks the commit that it ended with brings it first", async () => {
    const { ann, bob, id, quiet } = await scene();
    await claims(ann, "@a", id);
    await ann.ayo("ticket", "close", id, "--as", "@a");
    const early = await claims(bob, "@b", id);
    expect(early).toMatchObject({
      code: 1,
      error: { code: "claimed", message: expect.stringContaining("not come here") },
    });
    await ann.ayo("sync");
    const late = await claims(bob, "@b", id);
    expect(late).toMatchObject({ code: 1, error: { code: "transition_refused" } });
    expect(bob.text(id)).toContain("status: closed");
    await bob.ayo("ticket", "reopen", id);
    expect(await claims(bob, "@b", id)).toMatchObject({ code: 0, confirmed: [id] });
    await quiet(ann, bob);
  });

  test("a claim that is given away is the other one's there too; one that is taken away by a person is free", async () => {
    const { ann, bob, id, claimThere, quiet } = await scene();
    await claims(ann, "@a", id);
    await ann.ayo("ticket", "claim", id, "--for", "@c", "--as", "@a");
    expect(claimThere()).toContain("Actor: @c");
    await quiet(ann, bob);
    await bob.ayo("ticket", "release", id, "--force");
    expect(claimThere()).toContain("Ended: released");
    expect(await claims(bob, "@b", id)).toMatchObject({ code: 0, confirmed: [id] });
    await quiet(bob, ann);
    expect(ann.text(id)).toContain("claimed-by: '@b'");
  });
});

describe.concurrent("nobody answers", () => {
  test("the claim is this machine's, and said not to be confirmed; the next contact confirms it", async () => {
    const { ann, bob, id, claimThere, goOffline, comeBack } = await scene();
    goOffline();
    const claimed = await claims(bob, "@b", id);
    expect(claimed).toMatchObject({ code: 0, unconfirmed: [id] });
    expect(claimed.confirmed).toBeUndefined();
    expect(claimed.notices?.join()).toMatch(/the claim of .* is not confirmed: offline/);
    comeBack();
    await bob.ayo("sync");
    expect(claimThere()).toContain("Actor: @b");
    expect(await claims(ann, "@a", id)).toMatchObject({ code: 1, error: { code: "claimed" } });
  });

  test("of two who claimed meanwhile who comes first has it; the other one's notes stay", async () => {
    const { ann, bob, id, goOffline, comeBack, quiet } = await scene();
    goOffline();
    await claims(ann, "@a", id);
    await claims(bob, "@b", id);
    await bob.ayo("ticket", "note", id, "half done", "--as", "@b");
    comeBack();
    await ann.ayo("sync");
    const { stderr } = await bob.here(["sync"]);
    expect(stderr).toMatch(new RegExp(`lost to @a on .*: ${id}`));
    await quiet(ann, bob);
    expect(bob.text(id)).toContain("claimed-by: '@a'");
    expect(bob.text(id)).toContain("half done");
    expect(bob.text(id)).toMatch(/The claim of @b was lost to @a on/);
    const { code, stderr: said } = await bob.here(["ticket", "renew", id, "--as", "@b"]);
    expect([code, said]).toEqual([1, expect.stringContaining("lost_claim") && expect.stringMatching(/claim/)]);
  });

  test("what was closed and not told is told at the next contact", async () => {
    const { ann, bob, id, claimThere, goOffline, comeBack, quiet } = await scene();
    await claims(ann, "@a", id);
    goOffline();
    const { stderr } = await ann.here(["ticket", "close", id, "--as", "@a"]);
    expect(stderr).toMatch(/others hear later/);
    comeBack();
    expect(claimThere()).not.toContain("Ended");
    await quiet(ann, bob);
    expect(claimThere()).toContain("Ended: closed");
  });

  test("where config.yml requires it there is no claim without them, and no close of what was taken over", async () => {
    const { hub, ann, bob, id, goOffline, comeBack, quiet } = await scene();
    await ann.ayo("config", "sync.claims", "required");
    await quiet(ann, bob);
    goOffline();
    const refused = await claims(bob, "@b", id);
    expect(refused).toMatchObject({
      code: 1,
      error: { code: "unreachable", message: expect.stringContaining("not confirmed") },
    });
    expect(bob.text(id)).toContain("status: open");
    comeBack();
    expect(await claims(bob, "@b", id)).toMatchObject({ code: 0, confirmed: [id] });
    // A person rewrites the ref.
    const taken = git(
      bob.tickets,
      "commit-tree",
      "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
      "-m",
      "x\n\nTicket: x\nActor: @c\nToken: t\nHost: h\nLease: 900000\n",
    );
    git(bob.tickets, "push", "--quiet", "--force", hub, `${taken}:refs/ayo/claims/${id}`);
    const { code, stderr } = await bob.here(["ticket", "close", id, "--as", "@b"]);
    expect([code, stderr]).toEqual([1, expect.stringContaining("@c on h holds it now")]);
    expect(bob.text(id)).toContain("status: in_progress");
  });

  test("where claims are this machine's alone nobody is asked", async () => {
    const { ann, bob, id, claimThere, goOffline, comeBack, quiet } = await scene();
    await ann.ayo("config", "sync.claims", "off");
    await quiet(ann, bob);
    goOffline();
    const claimed = await claims(bob, "@b", id);
    expect(claimed).toMatchObject({ code: 0, notices: [] });
    expect(claimed.confirmed ?? claimed.unconfirmed).toBeUndefined();
    comeBack();
    await bob.ayo("sync");
    expect(claimThere()).toBe("");
  });
});

describe.concurrent("people at the remote", () => {
  test("a ref that somebody deleted is made again by whoever holds the ticket", async () => {
    const { hub, ann, bob, id, claimThere, quiet } = await scene();
    await claims(ann, "@a", id);
    git(hub, "update-ref", "-d", `refs/ayo/claims/${id}`);
    await quiet(ann, bob);
    expect(claimThere()).toContain("Actor: @a");
    expect(await claims(bob, "@b", id)).toMatchObject({ code: 1, error: { code: "claimed" } });
  });

  test("a host that takes only branches is named with the setting that helps", async () => {
    const { hub, ann, bob, id, other } = await scene();
    const { writeFileSync } = await import("node:fs");
    const hook = "#!/bin/sh\ncase $1 in refs/heads/*) exit 0;; esac\necho 'only branches here' >&2\nexit 1\n";
    writeFileSync(path.join(hub, "hooks", "update"), hook, { mode: 0o755 });
    const refused = await claims(bob, "@b", id);
    expect(refused).toMatchObject({ code: 0, unconfirmed: [id] });
    expect(refused.notices?.join()).toMatch(/does not take refs\/ayo\/claims[\s\S]*ayo config sync.claims-ref heads/);
    await bob.ayo("config", "sync.claims-ref", "heads");
    await bob.ayo("sync");
    expect(git(hub, "for-each-ref", "--format=%(contents)", `refs/heads/ayo/claims/${id}`)).toContain("Actor: @b");
    await ann.ayo("sync");
    expect(await claims(ann, "@a", other)).toMatchObject({ code: 0, confirmed: [other] });
  });
});
