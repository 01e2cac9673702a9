import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { listStoreFolder, lookAt, readStoreFile, Unread } from "../../../src/store/files/storeFile.ts";
import { tempDir } from "../../helpers/tempDir.ts";

const MIB = 1024 * 1024;

/** What a reading says: the text, why there is none, or that nothing is there. */
function told(read: ReturnType<typeof readStoreFile>): string {
  if (read === undefined) return "gone";
  return read instanceof Unread ? `${read.kind}: ${read.message}` : read.bytes.toString();
}

describe("a file of a store", () => {
  test("is read whole, also an empty one; one that is not there is gone and no error", () => {
    const dir = tempDir();
    writeFileSync(path.join(dir, "a"), "text");
    writeFileSync(path.join(dir, "empty"), "");
    expect(["a", "empty", "none", "none/below"].map((name) => told(readStoreFile(path.join(dir, name))))).toEqual([
      "text",
      "",
      "gone",
      "gone",
    ]);
  });

  test("of which the file system does not know the size is read to its end, and no further than the limit", () => {
    const read = readStoreFile("/proc/self/status");
    expect(read instanceof Unread ? "" : read?.bytes.toString()).toContain("Name:");
    expect(told(readStoreFile("/proc/self/status", { limit: 100 }))).toMatch(/^too_large/);
  });

  test("that is being written is read before that or after it, and not in the midst of it", async () => {
    const file = path.join(tempDir(), "a");
    const size = 40_000;
    writeFileSync(file, Buffer.alloc(size, "x"));
    const code = `setInterval(() => require("node:fs").writeFileSync(process.argv[1], Buffer.alloc(${size}, "x")), 1);`;
    const writer = spawn(process.execPath, ["-e", `console.log("begun"); ${code}`, file]);
    onTestFinished(() => void writer.kill("SIGKILL"));
    await new Promise((resolve) => writer.stdout.once("data", resolve));
    // A writer that the kernel stops in the midst of a write cannot be told from one that is done: not in every round.
    let lengths = new Map<number, number>();
    for (let round = 1; round === 1 || (round <= 6 && lengths.size > (lengths.has(0) ? 2 : 1)); round++) {
      lengths = new Map();
      for (let reads = 0; reads < 10_000; reads++) {
        const { length } = told(readStoreFile(file));
        lengths.set(length, (lengths.get(length) ?? 0) + 1);
      }
    }
    expect([...lengths].filter(([length]) => length !== 0 && length !== size)).toEqual([]);
    expect(lengths.get(size)).toBeGreaterThan(0);
  });

  test("that is something else says what, without waiting and without following", async () => {
    const dir = tempDir();
    const at = (name: string): string => path.join(dir, name);
    writeFileSync(at("secret"), "SECRET");
    symlinkSync(at("secret"), at("link"));
    symlinkSync("/nowhere", at("nothing"));
    symlinkSync("loop", at("loop"));
    mkdirSync(at("folder"));
    execFileSync("mkfifo", [at("pipe")]);
    const server = createServer().listen(at("socket"));
    await new Promise((resolve) => server.once("listening", resolve));
    onTestFinished(() => void server.close());
    writeFileSync(at("huge"), "");
    truncateSync(at("huge"), 3 * 1024 * MIB);
    const names = ["link", "nothing", "loop", "folder", "pipe", "socket", "huge", "secret/below"];
    expect(names.map((name) => told(readStoreFile(at(name))))).toEqual([
      "link: a symbolic link",
      "link: a symbolic link to nothing",
      "link: a symbolic link to nothing",
      "folder: a folder and not a file",
      "special: not a file",
      "special: not a file",
      "too_large: larger than 64 MiB",
      "no_folder: secret is not a folder",
    ]);
    expect(told(readStoreFile(at("link"), { follow: true }))).toBe("SECRET");
    expect(told(readStoreFile(at("secret"), { limit: 5 }))).toMatch(/^too_large/);
  });

  test("that another user closed says so, and so do a folder and what lies in it", () => {
    const dir = tempDir();
    chmodSync(dir, 0o755);
    mkdirSync(path.join(dir, "closed"));
    writeFileSync(path.join(dir, "closed", "a"), "text");
    writeFileSync(path.join(dir, "mine"), "text", { mode: 0 });
    chmodSync(path.join(dir, "closed"), 0);
    onTestFinished(() => chmodSync(path.join(dir, "closed"), 0o700));
    const script = `
      import { listStoreFolder, lookAt, readStoreFile } from ${JSON.stringify(path.resolve("src/store/files/storeFile.ts"))};
      const all = [readStoreFile("mine"), readStoreFile("closed/a"), listStoreFolder("closed"), lookAt("closed/a")];
      console.log(all.map(({ kind, message }) => kind + ": " + message).join("\\n"));`;
    const out = asNobody(script, dir);
    expect(out).toBe("refused: this user may not read it (EACCES)\n".repeat(4));
  });
});

describe("a folder of a store", () => {
  test("lists its names in order; a link to one, or a file in its place, is none", () => {
    const dir = tempDir();
    mkdirSync(path.join(dir, "real"));
    for (const name of ["b", "a"]) writeFileSync(path.join(dir, "real", name), "");
    symlinkSync("real", path.join(dir, "link"));
    writeFileSync(path.join(dir, "file"), "");
    const list = (name: string) => listStoreFolder(path.join(dir, name));
    expect([list("real"), list("none")]).toEqual([["a", "b"], undefined]);
    expect([list("link"), list("file")]).toMatchObject([{ kind: "link" }, { kind: "no_folder" }]);
    expect(lookAt(path.join(dir, "none"))).toBeUndefined();
  });
});

/** Runs a module as a user who owns nothing here; the bundler of the tests makes it plain JavaScript. */
function asNobody(script: string, cwd: string): string {
  const esbuild = path.resolve("node_modules/.bin/esbuild");
  const code = execFileSync(esbuild, ["--bundle", "--platform=node", "--format=cjs", "--loader=ts"], {
    input: script,
    encoding: "utf8",
    cwd: path.resolve("."),
  });
  const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  return execFileSync(process.execPath, ["-e", code], { cwd, encoding: "utf8", ...user });
}
