import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { buildSync } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { git } from "../../helpers/git.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import { commitAll, type WorkScene, workScene, writeFiles } from "../../helpers/work/workScene.ts";

/** A program that opens a worktree, as a dispatcher would. */
const SOURCE = `
import { currentHost } from "./src/host.ts";
import { openStore } from "./src/store/open/store.ts";
import { openWorktree } from "./src/work/worktrees/openWorktree.ts";
const store = openStore({ dir: process.argv[2] }, currentHost());
const { from } = await openWorktree(store, { id: "a-1", base: "main", agent: "@coder" });
console.log(from);
`;

let program = "";

beforeAll(() => {
  program = path.join(tempDir(afterAll), "open.mjs");
  buildSync({
    stdin: { contents: SOURCE, resolveDir: path.resolve(import.meta.dirname, "../../.."), loader: "ts" },
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    bundle: true,
    platform: "node",
    format: "esm",
    outfile: program,
    logLevel: "error",
  });
});

function start({ store }: WorkScene) {
  const env = store.host.env as NodeJS.ProcessEnv;
  const child = spawn(process.execPath, [program, store.dir], { cwd: path.dirname(store.dir), env, stdio: "pipe" });
  let out = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (out += text));
  return { child, ended: new Promise<string>((resolve) => child.on("close", () => resolve(out.trim()))) };
}

/** A project whose files take a while to be checked out; and how far that is. */
async function slowProject(): Promise<{ scene: WorkScene; begun: string }> {
  const scene = await workScene();
  const begun = path.join(tempDir(), "begun");
  writeFiles(scene.dir, { ".gitattributes": "*.slow filter=slow\n", "x.slow": "slow", "y.txt": "quick" });
  commitAll(scene.dir);
  git(scene.dir, "config", "filter.slow.smudge", `touch '${begun}'; sleep 1; cat`);
  return { scene, begun };
}

async function until(isTrue: () => boolean): Promise<void> {
  for (let left = 2_000; !isTrue() && left > 0; left--) await new Promise((next) => setTimeout(next, 5));
  expect(isTrue()).toBe(true);
}

function whole(scene: WorkScene): void {
  const dir = path.join(scene.folder, "a-1");
  expect(readFileSync(path.join(dir, "x.slow"), "utf8")).toBe("slow");
  expect(git(dir, "status", "--porcelain")).toBe("");
  expect(existsSync(path.join(scene.gitDir("a-1"), "locked"))).toBe(false);
}

test("of several processes one makes the worktree, and the others use it when it is whole", async () => {
  const { scene } = await slowProject();
  const answers = await Promise.all([1, 2, 3].map(() => start(scene).ended));
  expect(answers.sort()).toEqual(["base", "there", "there"]);
  whole(scene);
});

test("a process that is killed while git makes the worktree: the next one waits for that git", async () => {
  const { scene, begun } = await slowProject();
  const first = start(scene);
  await until(() => existsSync(begun));
  first.child.kill("SIGKILL");
  await first.ended;
  expect(await start(scene).ended).toBe("there");
  whole(scene);
});

test("a process that is killed with its git: the next one brings what is missing", async () => {
  const { scene, begun } = await slowProject();
  const first = start(scene);
  await until(() => existsSync(begun));
  const maker = path.join(scene.project.stateDir, "worktrees", "a-1", "maker.json");
  await until(() => existsSync(maker));
  const { pid } = JSON.parse(readFileSync(maker, "utf8"));
  first.child.kill("SIGKILL");
  process.kill(-pid, "SIGKILL");
  await first.ended;
  git(scene.dir, "config", "--remove-section", "filter.slow");
  expect(await start(scene).ended).toBe("branch");
  whole(scene);
});
