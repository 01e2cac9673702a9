import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test, vi } from "vitest";
import { syncFolder } from "../../../src/store/open/syncFolder.ts";
import { git } from "../../helpers/git.ts";
import { laterCleanUp } from "../../helpers/laterCleanUp.ts";
import { claimScene } from "../../helpers/syncing/claimScene.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import { type TempStore, testHost } from "../../helpers/tempStore.ts";

const cleanUp = laterCleanUp();
/** The tests wait more than they do, and are played together. */
const scene = () => claimScene(cleanUp);

const HOUR = 3_600_000;

/** What a command answers in all. */
async function say(store: TempStore, ...words: string[]): Promise<{ code: number | null; said: string }> {
  const { code, stdout, stderr } = await store.here(words);
  return { code, said: `${stdout}${stderr}` };
}

/** Kills the command that talks to the hub. */
const KILL = [
  "p=$PPID",
  'while [ "$p" -gt 1 ]; do',
  '  case "$(readlink /proc/$p/exe)" in *node*) kill -9 $p; exit 0;; esac',
  '  p=$(cut -d" " -f4 /proc/$p/stat)',
  "done",
];

function realGit(): string {
  return path.join(git("/", "--exec-path"), "git");
}

async function sleep(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

/** Lines of a script that wait at a gate until it is opened. */
function gateIn(dir: string) {
  const [here, open] = [path.join(dir, "here"), path.join(dir, "open")];
  return {
    lines: [`touch ${here}`, `until [ -e ${open} ]; do sleep 0.02; done`],
    reached: () => vi.waitUntil(() => existsSync(here), { timeout: 60_000, interval: 10 }),
    open: () => writeFileSync(open, ""),
  };
}

describe.concurrent("several at once", () => {
  test("what was claimed beside a ticket of somebody else's is given back, in whatever order they are named", async () => {
    const { ann, bob, id, other, own, holder } = await scene();
    await ann.ayo("ticket", "claim", id, "--as", "@a");
    for (const words of [
      [id, other],
      [other, id],
    ]) {
      expect(await say(bob, "ticket", "claim", ...words, "--as", "@b")).toMatchObject({ code: 1 });
      expect(holder(other)).toBeUndefined();
      expect(own(bob, other)).toEqual([]);
    }
    await ann.ayo("ticket", "claim", other, "--as", "@a");
  });

  test("of two agents that one process serves exactly one has a ticket", async () => {
    const { ann, id, other, holder } = await scene();
    for (const ticket of [id, other]) {
      const answers = await Promise.all(
        ["@x", "@y"].map((as) => say(ann, "ticket", "claim", ticket, "--as", as, "--json")),
      );
      const won = answers.flatMap(({ code }, at) => (code === 0 ? [["@x", "@y"][at]] : []));
      expect([won.length, holder(ticket)], JSON.stringify(answers)).toEqual([1, won[0]]);
    }
  });

  test("a sync of the same process takes back no claim that is on its way", async () => {
    const { ann, id, holder, when } = await scene();
    const gate = gateIn(tempDir(cleanUp));
    when("post-receive", ...gate.lines);
    const claiming = say(ann, "ticket", "claim", id, "--as", "@a", "--json");
    await gate.reached();
    await ann.ayo("sync");
    gate.open();
    expect((await claiming).said).toContain(`"confirmed":["${id}"]`.replaceAll(/[:,]/g, (one) => one));
    expect(holder()).toBe("@a");
  });

  test("of many tickets that others have the next best is found", async () => {
    const { ann, bob, holder } = await scene();
    const more = Array.from({ length: 25 }, (_, at) => JSON.stringify({ op: "create", title: `More ${at}` }));
    expect(await ann.here(["ticket", "batch"], { input: more.join("\n") })).toMatchObject({ code: 0 });
    await ann.ayo("sync");
    await bob.ayo("sync");
    const ids = (await ann.ayo("ticket", "ready", "-q", "--limit", "100")).split("\n");
    const last = ids.at(-1) as string;
    await ann.ayo("ticket", "claim", ...ids.slice(0, -1), "--as", "@a");
    const { code, said } = await say(bob, "ticket", "claim", "--next", "--as", "@b", "-q");
    expect([code, said.trim(), holder(last)]).toEqual([0, last, "@b"]);
    expect((await say(bob, "ticket", "claim", "--next", "--as", "@b", "-q")).said).not.toContain("claimed");
    expect(bob.text(ids[0] as string)).toContain("status: open");
  });
});

describe.concurrent("somebody is killed, or the line is cut", () => {
  test("renewals of which nobody knows whether they came are all ours", async () => {
    const { ann, id, own, refOf, holder, when, gone, comeBack } = await scene();
    await ann.ayo("ticket", "claim", id, "--as", "@a", "--lease", "1h");
    const first = refOf();
    when("post-receive", ...gone);
    expect((await say(ann, "ticket", "renew", id, "--lease", "2h", "--as", "@a")).said).toContain("not renewed");
    comeBack();
    expect(refOf()).not.toBe(first);
    when("pre-receive", ...gone);
    expect((await say(ann, "ticket", "renew", id, "--lease", "3h", "--as", "@a")).said).toContain("not renewed");
    comeBack();
    // Others know of no longer one.
    expect(own(ann)).toEqual([expect.objectContaining({ state: "sure", lease: HOUR })]);
    await ann.ayo("sync");
    expect(holder()).toBe("@a");
    expect(own(ann)).toEqual([expect.objectContaining({ state: "sure", oid: refOf() })]);
  });

  test("a claim that was about to be handed over is its holder's as before", async () => {
    const { ann, id, own, refOf, holder, when } = await scene();
    await ann.ayo("ticket", "claim", id, "--as", "@a");
    when("post-receive", ...KILL);
    expect(await ann.run(["ticket", "claim", id, "--for", "@c", "--as", "@a"])).toMatchObject({ code: null });
    expect(holder()).toBe("@c");
    await ann.ayo("sync");
    expect(ann.text(id)).toContain("claimed-by: '@a'");
    expect(holder()).toBe("@a");
    expect(own(ann)).toEqual([expect.objectContaining({ actor: "@a", state: "sure", oid: refOf() })]);
  });

  test("a claim that came there and was never made here is given back, by a release too", async () => {
    const { ann, id, own, holder, when } = await scene();
    when("post-receive", ...KILL);
    expect(await ann.run(["ticket", "claim", id, "--as", "@a"])).toMatchObject({ code: null });
    expect(holder()).toBe("@a");
    expect(ann.text(id)).toContain("status: open");
    await ann.ayo("sync");
    expect(holder()).toBeUndefined();
    expect(own(ann)).toEqual([]);
  });

  test("what a person took away while nobody could be reached is told at the next contact", async () => {
    const { ann, bob, id, own, holder, goOffline, comeBack } = await scene();
    await ann.ayo("ticket", "claim", id, "--as", "@a");
    await ann.ayo("sync");
    await bob.ayo("sync");
    goOffline();
    expect(await say(bob, "ticket", "release", id, "--force")).toMatchObject({
      code: 0,
      said: expect.stringContaining("others hear later"),
    });
    comeBack();
    await bob.ayo("sync");
    expect(holder()).toBeUndefined();
    await ann.ayo("sync");
    expect(ann.text(id)).not.toContain("claimed-by");
    expect([own(ann), own(bob)]).toEqual([[], []]);
  });
});

describe.concurrent("a ref that is not as it was left", () => {
  test("put back to an earlier renewal it is still its holder's", async () => {
    const { hub, ann, id, own, refOf } = await scene();
    await ann.ayo("ticket", "claim", id, "--as", "@a");
    const first = refOf();
    await ann.ayo("ticket", "renew", id, "--as", "@a", "--lease", "1h");
    expect(refOf()).not.toBe(first);
    git(hub, "update-ref", `refs/ayo/claims/${id}`, first);
    await ann.ayo("sync");
    expect(own(ann)).toEqual([expect.objectContaining({ state: "sure", oid: refOf() })]);
    expect(git(hub, "rev-parse", `refs/ayo/claims/${id}^`)).toBe(first);
  });

  test("put back to the end of the claim before it is made again", async () => {
    const { hub, ann, bob, id, own, refOf, holder } = await scene();
    await bob.ayo("ticket", "claim", id, "--as", "@b");
    await bob.ayo("ticket", "release", id, "--as", "@b");
    await bob.ayo("sync");
    const before = refOf();
    await ann.ayo("sync");
    await ann.ayo("ticket", "claim", id, "--as", "@a");
    git(hub, "update-ref", `refs/ayo/claims/${id}`, before);
    await ann.ayo("sync");
    expect(holder()).toBe("@a");
    expect(own(ann)).toEqual([expect.objectContaining({ state: "sure", oid: refOf() })]);
  });

  test("put back to a claim of which no ticket says anything it is free once it stood still", async () => {
    const { hub, ann, bob, id, refOf, holder } = await scene();
    await ann.ayo("ticket", "claim", id, "--as", "@a", "--lease", "1s");
    const first = refOf();
    await ann.ayo("ticket", "release", id, "--as", "@a");
    git(hub, "update-ref", `refs/ayo/claims/${id}`, first);
    await bob.ayo("sync");
    await sleep(1_100);
    expect(holder()).toBe("@a");
    expect((await say(bob, "sync")).said).toContain(`${id} is free`);
    expect(holder()).toBeUndefined();
  });

  test("whose claim a person has ended there hears of it, also before the tickets come", async () => {
    const { ann, bob, id, own } = await scene();
    await ann.ayo("ticket", "claim", id, "--as", "@a");
    await ann.ayo("sync");
    await bob.ayo("sync");
    await bob.ayo("ticket", "release", id, "--force");
    const { said } = await say(ann, "sync");
    expect(said).toMatch(new RegExp(`${id}.*ended|ended.*${id}`));
    expect(own(ann)).toEqual([]);
    expect(ann.text(id)).not.toContain("claimed-by");
    await bob.ayo("sync");
    await ann.ayo("sync");
    expect(ann.text(id)).toContain("status: open");
    expect(ann.text(id)).not.toContain("claimed-by");
  });
});

describe.concurrent("clocks that are wrong", () => {
  test.each(["close", "submit", "release"])(
    "who is two hours ahead cannot '%s' what somebody else holds",
    async (verb) => {
      const { ann, bob, id, holder } = await scene();
      await ann.ayo("ticket", "claim", id, "--as", "@a");
      await ann.ayo("sync");
      await bob.ayo("sync");
      const { code, stderr } = await bob.here(["ticket", verb, id, "--as", "@b"], { now: () => Date.now() + 2 * HOUR });
      expect([code, stderr]).toEqual([1, expect.stringContaining("is claimed by @a")]);
      expect(holder()).toBe("@a");
    },
  );
});

describe.concurrent("what changes meanwhile", () => {
  test("a claim that was made while a sync was on its way is not taken for lost", async () => {
    const { ann, bob, id, other, holder } = await scene();
    await bob.ayo("ticket", "claim", id, "--as", "@b");
    await bob.ayo("sync");
    await ann.ayo("sync");
    await bob.ayo("ticket", "note", other, "news");
    await bob.ayo("sync");
    // Ann's sync has looked, and takes its time to bring the news.
    const bin = tempDir(cleanUp);
    const gate = gateIn(bin);
    const slow = ["#!/bin/sh", 'if [ "$2" = fetch ]; then', ...gate.lines, "fi", `exec ${realGit()} "$@"\n`];
    writeFileSync(path.join(bin, "git"), slow.join("\n"), { mode: 0o755 });
    const syncing = ann.run(["sync"], { env: { PATH: `${bin}:${process.env.PATH}` } });
    await gate.reached();
    await bob.ayo("ticket", "release", id, "--as", "@b");
    await bob.ayo("sync");
    await ann.ayo("sync");
    await ann.ayo("ticket", "claim", id, "--as", "@a");
    gate.open();
    expect(await syncing).toMatchObject({ code: 0, stderr: expect.not.stringContaining("lost") });
    expect(holder()).toBe("@a");
    expect(ann.text(id)).toContain("claimed-by: '@a'");
  });

  test("a machine that was started again takes over what stands still since then", async () => {
    const { ann, bob, id, holder } = await scene();
    await ann.ayo("ticket", "claim", id, "--as", "@a", "--lease", "1s");
    await ann.ayo("sync");
    await bob.ayo("sync");
    const file = path.join(syncFolder({ dir: bob.tickets, host: testHost(bob.dir) }), "seen.json");
    writeFileSync(file, readFileSync(file, "utf8").replace(/"boot":"[^"]*"/, '"boot":"before"'));
    await bob.ayo("sync");
    await sleep(2_100);
    expect(await say(bob, "ticket", "claim", id, "--as", "@b")).toMatchObject({ code: 0 });
    expect(holder()).toBe("@b");
  });

  test("whose holder goes on elsewhere is no longer of this machine", async () => {
    const { ann, bob, id, own } = await scene();
    await ann.ayo("ticket", "claim", id, "--for", "@c", "--as", "@a");
    await ann.ayo("sync");
    await bob.ayo("sync");
    const token = /^claim: (.*)$/m.exec(bob.text(id))?.[1] as string;
    await bob.ayo("ticket", "renew", id, "--claim", token, "--lease", "1h", "--as", "@c");
    expect(own(bob)).toHaveLength(1);
    await ann.ayo("sync");
    expect(own(ann)).toEqual([]);
    expect(ann.text(id)).toContain("claimed-by: '@c'");
  });

  test("what is handed in past half of its lease has none any more", async () => {
    const { ann, id, holder } = await scene();
    await ann.ayo("ticket", "claim", id, "--as", "@a", "--lease", "1h");
    await ann.here(["ticket", "submit", id, "--as", "@a"], { now: () => Date.now() + 0.75 * HOUR });
    expect(ann.text(id)).toContain("status: in_review");
    expect(ann.text(id)).not.toMatch(/^lease:/m);
    expect(holder()).toBeUndefined();
  });

  test("a review of what a person has sent back meanwhile is over", async () => {
    const { ann, bob, id, own, holder } = await scene();
    await bob.ayo("ticket", "claim", id, "--as", "@b");
    await bob.ayo("ticket", "submit", id, "--as", "@b");
    await bob.ayo("sync");
    await ann.ayo("sync");
    await ann.ayo("ticket", "claim", id, "--as", "@a");
    expect([holder(), ann.text(id)]).toEqual(["@a", expect.stringContaining("status: in_review")]);
    await bob.ayo("ticket", "update", id, "--status", "open");
    await bob.ayo("sync");
    expect((await say(ann, "sync")).said).toContain(`the claim of @a on ${id} was ended`);
    expect(ann.text(id)).toMatch(/status: open/);
    expect(ann.text(id)).not.toContain("claimed-by");
    expect([holder(), own(ann)]).toEqual([undefined, []]);
  });

  test("the claim of a ticket that is deleted is over", async () => {
    const { ann, bob, id, own, holder } = await scene();
    await ann.ayo("ticket", "claim", id, "--as", "@a");
    await ann.ayo("sync");
    await bob.ayo("sync");
    await bob.ayo("ticket", "delete", id, "--yes");
    await bob.ayo("sync");
    await ann.ayo("sync");
    await ann.ayo("sync");
    expect(ann.files()).not.toContain(`${id}.md`);
    expect([holder(), own(ann), own(bob)]).toEqual([undefined, [], []]);
  });

  test("what ended while claims were this machine's alone is told once they are not", async () => {
    const { ann, id, other, own, holder } = await scene();
    await ann.ayo("ticket", "claim", id, other, "--as", "@a");
    await ann.ayo("config", "sync.claims", "off");
    await ann.ayo("ticket", "release", id, "--as", "@a");
    await ann.ayo("sync");
    expect(holder()).toBe("@a");
    await ann.ayo("config", "sync.claims", "warn");
    await ann.ayo("sync");
    expect([holder(), holder(other)]).toEqual([undefined, "@a"]);
    expect([own(ann), own(ann, other)]).toEqual([[], [expect.objectContaining({ state: "sure" })]]);
  });

  test("a ticket whose name git cannot take is claimed here alone, and it is said so", async () => {
    const { ann, own } = await scene();
    ann.write("a..b", "---\nid: a..b\nstatus: open\n---\n# Odd\n");
    const { code, said } = await say(ann, "ticket", "claim", "a..b", "--as", "@a", "--json");
    expect([code, said]).toEqual([0, expect.stringMatching(/"unconfirmed":\["a\.\.b"\]/)]);
    expect(said).toContain("git can have no ref called 'a..b'");
    await ann.ayo("sync");
    await ann.ayo("ticket", "release", "a..b", "--as", "@a");
    expect(own(ann, "a..b")).toEqual([]);
    await ann.ayo("config", "sync.claims", "required");
    expect(await say(ann, "ticket", "claim", "a..b", "--as", "@a")).toMatchObject({ code: 2 });
    expect(own(ann, "a..b")).toEqual([]);
  });
});

describe.concurrent("who asks before it goes on", () => {
  test("a claim that a person has ended elsewhere is lost, not renewed", async () => {
    const { ann, bob, id, own, holder } = await scene();
    await ann.ayo("ticket", "claim", id, "--as", "@a");
    await ann.ayo("sync");
    await bob.ayo("sync");
    await bob.ayo("ticket", "release", id, "--force");
    const { code, said } = await say(ann, "ticket", "renew", id, "--lease", "2h", "--as", "@a");
    expect([code, said]).toEqual([1, expect.stringContaining(`your claim on ${id} was ended elsewhere (released)`)]);
    expect(own(ann)).toEqual([]);
    expect(holder()).toBeUndefined();
  });

  test.each(["taken", "ended"])("what was %s is not closed where others' answer is required", async (what) => {
    const { ann, bob, id, own } = await scene();
    await ann.ayo("config", "sync.claims", "required");
    await ann.ayo("ticket", "claim", id, "--as", "@a", "--lease", "1s");
    await ann.ayo("sync");
    await bob.ayo("sync");
    await sleep(2_100);
    await bob.ayo("ticket", ...(what === "taken" ? ["claim", id, "--as", "@b"] : ["release", id, "--force"]));
    const { code, said } = await say(ann, "ticket", "close", id, "--as", "@a");
    expect([code, said]).toEqual([
      1,
      expect.stringMatching(what === "taken" ? /@b on .* holds it now/ : /ended elsewhere/),
    ]);
    expect(own(ann)).toEqual([]);
    expect(ann.text(id)).not.toContain("claimed-by");
    await ann.ayo("sync");
    await bob.ayo("sync");
    expect(bob.text(id)).toContain(what === "taken" ? "claimed-by: '@b'" : "status: open");
  });
});
