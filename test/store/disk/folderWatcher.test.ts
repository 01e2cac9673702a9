import { createHook } from "node:async_hooks";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type FolderWatcher, watchFolders } from "../../../src/store/disk/folderWatcher.ts";
import { tempDir } from "../../helpers/tempDir.ts";

// chokidar calls its `raw` events internal: this is what we take from them, so that a new version that gives less is seen.

/** Watches folders and returns what it has told so far, each as "folder name". */
async function watched(...folders: string[]): Promise<{ told: string[]; watcher: FolderWatcher }> {
  const told: string[] = [];
  const watcher = await watchFolders(folders, {
    onChange: (folder, name) => void told.push(`${folder} ${name}`),
    onFailure: (reason) => void told.push(`failure: ${reason}`),
  });
  onTestFinished(() => watcher.close());
  return { told, watcher };
}

test("tells the folder and the name of what is made, written in place, renamed over and removed, files or folders", async () => {
  const dir = tempDir();
  writeFileSync(path.join(dir, "old.md"), "old\n");
  const { told } = await watched(dir);
  const steps: [name: string, step: () => void][] = [
    ["new.md", () => writeFileSync(path.join(dir, "new.md"), "new\n")],
    ["old.md", () => writeFileSync(path.join(dir, "old.md"), "longer\n", { flag: "r+" })],
    ["old.md", () => renameSync(path.join(dir, "new.md"), path.join(dir, "old.md"))],
    ["old.md", () => rmSync(path.join(dir, "old.md"))],
    ["folder", () => mkdirSync(path.join(dir, "folder"))],
  ];
  for (const [name, step] of steps) {
    told.length = 0;
    step();
    await expect.poll(() => told, { timeout: 60_000 }).toContain(`${dir} ${name}`);
  }
});

test("tells of each folder by its own name, and of nothing in folders that it was not asked for", async () => {
  const dir = tempDir();
  const [asked, other] = [path.join(dir, "asked"), path.join(dir, "other")];
  for (const folder of [asked, other]) mkdirSync(folder);
  const { told } = await watched(dir, asked, path.join(dir, "missing"));
  writeFileSync(path.join(other, "a.md"), "a\n");
  writeFileSync(path.join(asked, "b.md"), "b\n");
  await expect.poll(() => told, { timeout: 60_000 }).toContain(`${asked} b.md`);
  expect(told.filter((one) => one.includes("a.md"))).toEqual([]);
  expect(told.filter((one) => one.startsWith("failure"))).toEqual([]);
});

test("a file of a watched folder costs no watch of its own", async () => {
  const dir = tempDir();
  const names = Array.from({ length: 50 }, (_, n) => path.join(dir, `${n}.md`));
  for (const name of names) writeFileSync(name, "x\n");
  await watched(dir);
  expect(watchesOf([dir])).toBe(1);
  expect(watchesOf(names)).toBe(0);
});

test("does not look at all files, neither when it begins nor because one of them changes", async () => {
  const dir = tempDir();
  for (let n = 0; n < 500; n++) writeFileSync(path.join(dir, `${n}.md`), "x\n");
  let looks = 0;
  const hook = createHook({
    init: (_, type) => {
      if (type === "FSREQPROMISE") looks++;
    },
  }).enable();
  onTestFinished(() => void hook.disable());
  const { told } = await watched(dir);
  for (let n = 0; n < 3; n++) {
    told.length = 0;
    writeFileSync(path.join(dir, "7.md"), `${n}\n`);
    await expect.poll(() => told, { timeout: 60_000 }).toContain(`${dir} 7.md`);
    await new Promise((resolve) => setTimeout(resolve, 400));
  }
  expect(looks).toBeLessThan(20);
});

test("says nothing after it was closed", async () => {
  const dir = tempDir();
  const { told, watcher } = await watched(dir);
  const { told: others } = await watched(dir);
  await watcher.close();
  writeFileSync(path.join(dir, "a.md"), "a\n");
  await expect.poll(() => others, { timeout: 60_000 }).toContain(`${dir} a.md`);
  expect(told).toEqual([]);
});

/** How many watches Linux has for these files and folders, of this process. */
function watchesOf(files: readonly string[]): number {
  const inodes = new Set(files.map((file) => statSync(file).ino.toString(16)));
  const infos = readdirSync("/proc/self/fdinfo").flatMap((fd) => {
    // The listing's own descriptor is gone by now.
    if (!existsSync(`/proc/self/fdinfo/${fd}`)) return [];
    return readFileSync(`/proc/self/fdinfo/${fd}`, "utf8").split("\n");
  });
  const watched = infos.map((line) => /^inotify wd:\w+ ino:(\w+)/.exec(line)?.[1] ?? "");
  return watched.filter((inode) => inodes.has(inode)).length;
}
