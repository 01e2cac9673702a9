import { spawn } from "node:child_process";
import { renameSync } from "node:fs";
import { expect, onTestFinished, test, vi } from "vitest";
import { hermeticEnv, sharedHome } from "../helpers/hermeticEnv.ts";
import { CLI } from "../helpers/runCli.ts";
import { startServe } from "../helpers/serveProcess.ts";
import { sharingTeam, tipAt, tipOf } from "../helpers/team.ts";
import type { TempStore } from "../helpers/tempStore.ts";

vi.setConfig({ testTimeout: 120_000 });

/** What is a minute for users. */
const SOON = { AYO_SYNC_MS: "400" };

/** A process that goes on, and what it says on stderr. */
function start(store: TempStore, args: readonly string[], env = SOON): () => string {
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd: store.dir,
    env: { ...hermeticEnv(sharedHome()), ...env },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return () => stderr;
}

const until = (what: () => unknown): Promise<void> =>
  vi.waitFor(
    () => {
      if (!what()) throw new Error("not yet");
    },
    { timeout: 30_000, interval: 100 },
  );

test("with sync.auto a process that goes on brings and sends by itself: commands wait for nothing, and offline is told once", async () => {
  const { ann, bob, hub } = await sharingTeam();
  await ann.ayo("config", "sync.auto", "true");
  await ann.ayo("sync");
  await bob.ayo("sync");
  const annSays = start(ann, ["watch"]);
  await startServe(bob.dir, [], { env: SOON });
  const [first = ""] = ann.files();
  const made = await ann.ayo("ticket", "create", "Of Ann");
  await until(() => bob.files().includes(`${made}.md`));
  await bob.ayo("ticket", "note", made, "of Bob");
  await until(() => ann.text(made).includes("of Bob"));
  // It is told once all of the sync is done, which the text's being there does not wait for.
  await until(() => annSays().includes("came by sync"));

  renameSync(hub, `${hub}-away`);
  await ann.ayo("ticket", "note", first.slice(0, -3), "offline");
  await until(() => annSays().includes("cannot be reached"));
  const before = annSays().split("cannot be reached").length;
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  expect(annSays().split("cannot be reached")).toHaveLength(before);
  renameSync(`${hub}-away`, hub);
  await until(() => bob.text(first.slice(0, -3)).includes("offline"));
  await until(() => tipOf(ann) === tipAt(hub) && tipOf(bob) === tipAt(hub));
  for (const store of [ann, bob]) store.judge();
});

test("nothing goes by itself where config.yml does not say so, or nobody here has shared the tickets", async () => {
  const { ann, hub } = await sharingTeam();
  const before = tipAt(hub);
  const says = start(ann, ["watch"]);
  await until(() => says().includes("watching"));
  await ann.ayo("ticket", "create", "Stays");
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(tipAt(hub)).toBe(before);
});

test("sync --every goes on until it is asked to end, and says what came", async () => {
  const { ann, bob } = await sharingTeam();
  const child = spawn(process.execPath, [CLI, "sync", "--every", "1s"], {
    cwd: bob.dir,
    env: hermeticEnv(sharedHome()),
  });
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  await until(() => stdout.includes("Nothing new at origin"));
  const made = await ann.ayo("ticket", "create", "Of Ann");
  await ann.ayo("sync");
  await until(() => stdout.includes("Synced with origin: 1 commit came, 0 went"));
  expect(bob.files()).toContain(`${made}.md`);
  child.kill("SIGINT");
  const code = await new Promise((resolve) => child.on("close", resolve));
  expect(code).toBe(0);
});
