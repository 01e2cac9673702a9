import { spawn } from "node:child_process";
import { once } from "node:events";
import { renameSync, utimesSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { inTurn, type Turn } from "../../../src/actions/tracker/turn.ts";
import { readStore } from "../../../src/store/disk/view.ts";
import type { Journal } from "../../../src/store/open/store.ts";
import { GITHUB_KEY } from "../../helpers/github/server.ts";
import { trackedRepo } from "../../helpers/github/trackedRepo.ts";
import { hermeticEnv, sharedHome } from "../../helpers/hermeticEnv.ts";
import { CLI } from "../../helpers/runCli.ts";
import { PATIENT } from "../../helpers/syncing/claimTeam.ts";
import { sharingTeam } from "../../helpers/team.ts";
import type { TempStore } from "../../helpers/tempStore.ts";

test("a sync that stood still while another took over sends nothing more: each issue and ticket once", async () => {
  const { store, github, ayo, sync, quiet } = await trackedRepo();
  for (const title of ["First", "Second", "Third"]) await ayo("ticket", "create", title);
  const env = { ...hermeticEnv(sharedHome()), GITHUB_TOKEN: GITHUB_KEY };
  const child = spawn(process.execPath, [CLI, "sync", "github", "--yes"], { cwd: store.dir, env });
  const said: Buffer[] = [];
  child.stderr.on("data", (chunk: Buffer) => said.push(chunk));
  const closed = once(child, "close");
  await new Promise<void>((resolve) => {
    github.onRequest = ({ operation }) => {
      if (operation !== "POST /issues") return undefined;
      child.kill("SIGSTOP");
      github.onRequest = () => undefined;
      resolve();
      return undefined;
    };
  });
  // As if it had stood still for a minute.
  const minute = new Date(Date.now() - 60_000);
  utimesSync(path.join(store.open().journal?.stateDir ?? "", "tracker-github.lock"), minute, minute);
  await sync();
  child.kill("SIGCONT");
  const [code] = (await closed) as [number];
  expect([...github.world.issues.values()].map(({ title }) => title).sort()).toEqual(["First", "Second", "Third"]);
  const why = "another sync with github took over: another process of this machine; what was done is kept";
  expect([code, Buffer.concat(said).toString()]).toEqual([3, expect.stringContaining(why)]);
  await sync();
  expect(store.files()).toHaveLength(3);
  await quiet();
});

/** Long enough for a busy machine to renew it in a third of it. */
const LEASE = 6000;

/** Has the turn with a tracker in a store that others share. */
async function turnOf<T>(team: TempStore, work: (turn: Turn) => Promise<T>): Promise<T> {
  const store = team.open({ env: { ...hermeticEnv(sharedHome()), ...PATIENT } });
  const { config } = await readStore(store);
  return await inTurn(store, { journal: store.journal as Journal, config, tracker: "github", lease: LEASE }, work);
}

test("between machines: who works on keeps the turn; whom nobody hears any more loses it, and takes it from nobody", async () => {
  const { ann, bob, hub } = await sharingTeam();
  const busy = { code: "store_busy", message: expect.stringContaining("syncs with github just now") };
  const lost = { code: "store_busy", message: expect.stringContaining("another sync with github may have taken over") };
  await turnOf(ann, async (hers) => {
    await expect(turnOf(bob, async () => "his")).rejects.toMatchObject(busy);
    // Longer than the lease that he saw.
    await sleep(LEASE + 200);
    await expect(turnOf(bob, async () => "his")).rejects.toMatchObject(busy);
    hers.assertOurs();
    renameSync(hub, `${hub}.away`);
    await vi.waitFor(() => expect(hers.assertOurs).toThrow(expect.objectContaining(lost)), { timeout: 20_000 });
    renameSync(`${hub}.away`, hub);
    // She may have been heard after he looked last: then he waits a lease from there.
    const itsTurn = { timeout: 60_000, interval: 500 };
    await vi.waitFor(async () => {
      await turnOf(bob, async (his) => {
        // Her next try to be heard.
        await sleep(LEASE / 6);
        expect(hers.assertOurs).toThrow(expect.objectContaining(lost));
        his.assertOurs();
      });
    }, itsTurn);
  });
  expect(await turnOf(ann, async () => "hers")).toBe("hers");
});
