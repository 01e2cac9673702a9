import { renameSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { startPaused } from "../helpers/pausedProcess.ts";
import { claimers, holderAt } from "../helpers/syncing/claimTeam.ts";

test("who is killed right after a claim of which nobody could hear does not keep a ticket that another has", async () => {
  const { hub, clones, ids } = await claimers("path", { count: 2, titles: ["One"], cleanUp: onTestFinished });
  const [ann, bob] = clones as [(typeof clones)[0], (typeof clones)[0]];
  const id = ids[0] as string;
  // Offline, and dead as soon as the change is made.
  renameSync(hub, `${hub}.away`);
  const claim = startPaused(ann, 1, ["ticket", "claim", id, "--as", "@one"], { from: "unlinkSync .*/index\\.lock$" });
  expect(await claim.paused).toBe(true);
  claim.kill();
  await claim.ended;
  renameSync(`${hub}.away`, hub);
  expect(JSON.parse(await bob.ayo("ticket", "claim", id, "--as", "@two", "--json"))).toMatchObject({ confirmed: [id] });
  const { code, stderr } = await ann.here(["sync"]);
  expect([code, stderr]).toEqual([0, expect.stringContaining(`lost to @two`)]);
  expect(holderAt(hub, id)).toBe("@two");
  expect(ann.text(id)).not.toMatch(/^claimed-by: '?@one/m);
});
