import { cpSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test, vi } from "vitest";
import { git } from "../../helpers/git.ts";
import { laterCleanUp } from "../../helpers/laterCleanUp.ts";
import { claimScene } from "../../helpers/syncing/claimScene.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import { storeIn, type TempStore } from "../../helpers/tempStore.ts";

const cleanUp = laterCleanUp();
/** The tests wait more than they do, and are played together. */
const scene = () => claimScene(cleanUp);

/** Exit status and what is said of it. */
async function tries(store: TempStore, ...args: string[]): Promise<[number | null, string]> {
  const { code, stdout, stderr } = await store.here(["ticket", ...args]);
  return [code, stdout + stderr];
}

test.concurrent.each([["close"], ["submit"], ["cancel"], ["block", "-m", "why"], ["status", "in_review"]])(
  "an agent does not '%s' what another holds elsewhere, though nothing here says so; a person may",
  async (verb, ...more) => {
    const { ann, bob, id } = await scene();
    await ann.ayo("ticket", "claim", id, "--as", "@a");
    const words = verb === "status" ? [verb, id, ...more] : [verb, id, ...more];
    const refused = await tries(bob, ...words, "--as", "@m");
    expect(refused).toEqual([1, expect.stringMatching(/is claimed by @a on/)]);
    expect(bob.text(id)).toContain("status: open");
    if (verb !== "submit") expect((await tries(bob, ...words))[0]).toBe(0);
  },
);

test.concurrent.each(["close", "submit", "release"])(
  "a holder that comes late does not '%s' what was taken over",
  async (verb) => {
    const { ann, bob, id } = await scene();
    await ann.ayo("ticket", "claim", id, "--lease", "1s", "--as", "@a");
    await ann.ayo("sync");
    await bob.ayo("sync");
    // He sees it held, and from then on his clock counts; on a busy machine the lease may be over by then.
    const { code: early } = await bob.here(["ticket", "claim", id, "--as", "@b"]);
    const hasIt = async () => (await tries(bob, "claim", id, "--as", "@b"))[0] === 0;
    if (early !== 0) await vi.waitUntil(hasIt, { timeout: 60_000, interval: 500 });
    const [code, said] = await tries(ann, verb, id, "--as", "@a");
    expect([code, said]).toEqual([1, expect.stringMatching(/@b on .* holds it now|not claimed/)]);
    expect(ann.text(id)).not.toMatch(/status: (?:closed|in_review)/);
    // What is lost stays lost, by whatever verb it is tried again.
    const again = await tries(ann, "close", id, "--as", "@a");
    expect(again).toEqual([1, expect.stringMatching(/is claimed by @b on|holds it now/)]);
  },
);

test.concurrent("what was taken away by a person and is handed in all the same is known elsewhere as handed in", async () => {
  const { hub, ann, bob, id } = await scene();
  await ann.ayo("ticket", "claim", id, "--as", "@a");
  await ann.ayo("sync");
  await bob.ayo("sync");
  await bob.ayo("ticket", "release", id, "--force");
  await ann.ayo("ticket", "submit", id, "--as", "@a");
  expect(git(hub, "log", "-1", "--format=%b", `refs/ayo/claims/${id}`)).toContain("Ended: submitted");
  expect(await tries(bob, "claim", id, "--as", "@b")).toEqual([1, expect.stringContaining("has not come here yet")]);
});

test.concurrent("clones that know of another place for claims find those all the same, and one that moves leaves none behind", async () => {
  const { hub, ann, bob, id } = await scene();
  await ann.ayo("config", "sync.claims-ref", "heads");
  expect(await tries(ann, "claim", id, "--as", "@a")).toEqual([0, expect.stringContaining("Claimed")]);
  expect(await tries(bob, "claim", id, "--as", "@b")).toEqual([1, expect.stringContaining("is claimed by @a on")]);
  await ann.ayo("config", "sync.claims-ref", "--unset");
  await ann.ayo("sync");
  expect(git(hub, "log", "-1", "--format=%b", `refs/heads/ayo/claims/${id}`)).toContain("Ended: moved");
  expect(git(hub, "log", "-1", "--format=%b", `refs/ayo/claims/${id}`)).not.toContain("Ended");
  expect(await tries(bob, "claim", id, "--as", "@b")).toEqual([1, expect.stringContaining("is claimed by @a on")]);
  await ann.ayo("ticket", "release", id, "--as", "@a");
  await ann.ayo("sync");
  await bob.ayo("sync");
  expect(await tries(bob, "claim", id, "--as", "@b")).toEqual([0, expect.stringContaining("Claimed")]);
});

test.concurrent("a copy of a clone, whose sharing nobody has said yes to, does not believe that a claim is everybody's", async () => {
  const { ann, bob, id } = await scene();
  git(bob.dir, "fetch", "--quiet", "origin");
  const copied = path.join(tempDir(cleanUp), "copy");
  cpSync(bob.dir, copied, { recursive: true });
  const copy = storeIn(copied);
  await ann.ayo("ticket", "claim", id, "--as", "@a");
  const claimed = await copy.json<{ unconfirmed?: string[]; notices: string[] }>("ticket", "claim", id, "--as", "@c");
  expect(claimed.unconfirmed).toEqual([id]);
  expect(claimed.notices.join()).toMatch(/not confirmed: origin has these tickets too.*'ayo sync' asks/);
  await copy.ayo("ticket", "release", id, "--as", "@c");
  await copy.ayo("config", "sync.claims", "required");
  expect(await tries(copy, "claim", id, "--as", "@c")).toEqual([
    1,
    expect.stringMatching(/not shared from here[\s\S]*try: ayo sync/),
  ]);
  expect(readFileSync(path.join(copy.tickets, `${id}.md`), "utf8")).toContain("status: open");
});

test.concurrent("several of which one is another's: none is taken, and none is left as taken elsewhere", async () => {
  const { hub, ann, bob, id } = await scene();
  const [, second = ""] = (await ann.ayo("ticket", "ready", "-q")).split("\n");
  await ann.ayo("ticket", "claim", second, "--as", "@a");
  expect((await tries(bob, "claim", id, second, "--as", "@b"))[0]).toBe(1);
  const there = git(hub, "for-each-ref", "--format=%(contents:subject)", "refs/ayo/claims").split("\n");
  expect(there.filter((line) => /^@b has /.test(line))).toEqual([]);
});

test.concurrent("in a clone that was cut short the way to the tickets is 'ayo sync', not a store of one's own", async () => {
  const { hub } = await scene();
  const top = tempDir(cleanUp);
  git(top, "clone", "--quiet", "--depth", "1", "--branch", "main", `file://${hub}`, "short");
  const { code, stderr } = await storeIn(path.join(top, "short")).here(["ticket", "list"]);
  expect([code, stderr]).toEqual([1, expect.stringMatching(/'ayo sync' brings it\ntry: ayo sync\n/)]);
});
