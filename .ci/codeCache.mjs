// Writes V8's code cache beside each chunk of the built command line (see launcher.cjs).
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { Script } from "node:vm";

/** What is run so that the caches hold the functions that these commands compile. */
const COMMANDS = [
  ["--version"],
  ["init"],
  ["ticket", "create", "First", "-d", "Text", "-p", "1"],
  ["ticket", "list"],
  ["ticket", "ready"],
  ["ticket", "create", "Second"],
  ["ticket", "list", "--json"],
  ["ticket", "ready", "--json"],
  ["ticket", "search", "first"],
  ["ticket", "claim", "--next", "--as", "@builder"],
  ["ticket", "history"],
  ["board"],
  ["agents", "prime"],
];
/** Run with an id in place of ID. */
const ID_COMMANDS = [
  ["ticket", "show", "ID"],
  ["ticket", "note", "ID", "Text"],
  ["ticket", "start", "ID"],
  ["ticket", "update", "ID", "-p", "0"],
  ["ticket", "history", "ID"],
  ["ticket", "close", "ID"],
];

/** Fills `outdir` with `<chunk>.js.cache`; a command that fails only leaves its functions out of the cache. */
export function warmCodeCache(outdir) {
  for (const name of readdirSync(outdir).filter((file) => file.endsWith(".js"))) compileCache(path.join(outdir, name));
  const home = mkdtempSync(path.join(os.tmpdir(), "ayo-build-"));
  try {
    for (const argv of COMMANDS) runAndCache(outdir, home, argv);
    const id = runAndCache(outdir, home, ["ticket", "create", "Third"]).trim();
    for (const argv of ID_COMMANDS)
      runAndCache(
        outdir,
        home,
        argv.map((word) => (word === "ID" ? id : word)),
      );
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** A cache of the chunk's outermost code, for chunks that no command of ours loads. */
function compileCache(file) {
  const { wrap } = createRequire(import.meta.url)("./launcher.cjs");
  // Copied: V8 keeps a part of a text together with all of it, and the cache would tell where it was built.
  const filename = Buffer.from(`ayo/${path.basename(file)}`).toString();
  const script = new Script(wrap(readFileSync(file, "utf8")), { filename });
  writeFileSync(`${file}.cache`, script.createCachedData());
}

function runAndCache(outdir, home, argv) {
  const env = { PATH: process.env.PATH, HOME: home, GIT_CONFIG_GLOBAL: path.join(home, "none"), AYO_HOME: home };
  const options = { cwd: home, env, input: "", encoding: "utf8", timeout: 30_000 };
  const self = createRequire(import.meta.url).resolve("./codeCache.mjs");
  return spawnSync(process.execPath, [self, outdir, ...argv], options).stdout ?? "";
}

/** In the child process: runs one command as the launcher would, then writes each loaded chunk's cache if it grew. */
function runCommand(outdir, argv) {
  const launcher = path.join(outdir, "ayo.cjs");
  const { load, scripts } = createRequire(import.meta.url)(launcher);
  process.argv = [process.execPath, launcher, ...argv];
  process.on("exit", () => {
    for (const [file, script] of scripts) {
      const data = script.createCachedData();
      if (data.length > statSync(`${file}.cache`).size) writeFileSync(`${file}.cache`, data);
    }
  });
  load("./main.js");
}

if (process.argv[1] === createRequire(import.meta.url).resolve("./codeCache.mjs")) {
  const [, , outdir, ...argv] = process.argv;
  runCommand(outdir, argv);
}
