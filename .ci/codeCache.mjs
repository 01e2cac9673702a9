// Runs the built command line, and the library as a program does: to see which modules the commands of each family
// evaluate, and to write V8's code cache beside each pack (see README.md).
import { spawnSync } from "node:child_process";
import fs, { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { PassThrough, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";
import git from "isomorphic-git";

const require = createRequire(import.meta.url);
const { sampleOf, wrap } = require("./launcher.cjs");
const self = fileURLToPath(import.meta.url);

/** What the child process tells, in its home. */
const REPORT = "commands.json";

/** After so long the time of a file tells that it was not written since. */
const SETTLED_MS = 2_200;

/** What the other commands work on. */
const PREPARE = [["init"], ["ticket", "create", "First", "-d", "Text", "-p", "1"], ["ticket", "create", "Second"]];

/**
 * The commands that must be fast, with `ID` for a ticket's id. Each stands in the family that the table of verbs gives
 * it: whether its action writes, and search by itself.
 */
const HOT_COMMANDS = [
  ["--version"],
  ["ticket", "list"],
  ["ticket", "ready"],
  ["ticket", "list", "--json"],
  ["ticket", "ready", "--json"],
  ["ticket", "ready", "--limit", "1"],
  ["ticket", "blocked"],
  ["ticket", "show", "ID"],
  ["ticket", "show", "ID", "--json"],
  ["ticket", "create", "Another", "-d", "Text", "-p", "1"],
  ["ticket", "note", "ID", "Text"],
  ["ticket", "update", "ID", "-p", "0"],
  ["ticket", "claim", "ID", "--as", "@builder"],
  ["ticket", "note", "ID", "Text", "--as", "@builder"],
  ["ticket", "ready", "--as", "@builder"],
  ["ticket", "close", "ID", "--as", "@builder"],
  ["ticket", "claim", "--next", "--as", "@builder"],
  ["ticket", "reopen", "ID"],
  ["ticket", "start", "ID"],
  ["ticket", "close", "ID"],
  ["ticket", "search", "first"],
  ["library"],
];

/** What `library` stands for: the calls of a program that works as an agent does. */
async function useLibrary({ openStore, ...library }) {
  const store = openStore();
  const as = "@program";
  const { ticket } = await library.createTicket(store, { title: "Of a program", priority: 1, as });
  const { id } = ticket;
  await library.listTickets(store, {});
  await library.readyTickets(store, { limit: 1 });
  await library.showTicket(store, { id });
  await library.claimTickets(store, { ids: [id], as });
  await library.addNote(store, { id, text: "Text", as });
  await library.updateTickets(store, { ids: [id], priority: 0, as });
  await library.closeTickets(store, { ids: [id], as });
  await library.claimTickets(store, { next: true, as });
}

/** Commands whose functions the caches hold too. */
const OTHER_COMMANDS = [["board"], ["ticket", "history"], ["ticket", "history", "ID"], ["agents", "prime"], ["tui"]];

/**
 * Runs the commands by the launcher in `outdir`. For each hot command the modules that it evaluated, and its family by
 * the table of verbs, which is the module `table`; all modules are in the pack `reads` then.
 * @throws if a command fails
 */
export function traceCommands(outdir, table) {
  return inHome((home) => {
    runChild(outdir, home, [...PREPARE, ...HOT_COMMANDS], table);
    return JSON.parse(readFileSync(path.join(home, REPORT), "utf8"));
  });
}

/**
 * Writes `<pack>.js.cache` beside each pack in `outdir`, with the functions that the commands run. What only changes use
 * of the pack of reads is in a cache of their own, since it would cost every read more: `<pack>.js.changes.cache`.
 * @throws if a command fails
 */
export function warmCodeCache(outdir, reads) {
  const files = readdirSync(outdir).filter((file) => file.endsWith(".js"));
  for (const name of files) compileCache(path.join(outdir, name));
  inHome((home) => {
    runChild(outdir, home, [...PREPARE, ...HOT_COMMANDS, ...OTHER_COMMANDS]);
    const packOfReads = path.join(
      outdir,
      files.find((name) => name.startsWith("reads-")),
    );
    renameSync(`${packOfReads}.cache`, `${packOfReads}.changes.cache`);
    compileCache(packOfReads);
    runChild(outdir, home, reads);
  });
}

/** A cache with its checksum, as the launcher reads it. */
function sealed(cache) {
  const seal = Buffer.alloc(4);
  seal.writeInt32LE(sampleOf(cache));
  return Buffer.concat([cache, seal]);
}

function inHome(work) {
  const home = mkdtempSync(path.join(os.tmpdir(), "ayo-build-"));
  // Whoever shares tickets with others loads a little more, and is to be as fast.
  mkdirSync(path.join(home, "sync"));
  try {
    return work(home);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function runChild(outdir, home, lines, table = "") {
  const env = { PATH: process.env.PATH, HOME: home, GIT_CONFIG_GLOBAL: path.join(home, "none"), AYO_HOME: home };
  const options = { cwd: home, env, input: "", encoding: "utf8", timeout: 120_000 };
  const child = spawnSync(process.execPath, [self, outdir, JSON.stringify(lines), table], options);
  if (child.status !== 0) throw new Error(`the build runs ayo's commands, and one failed:\n${child.stderr}`);
}

/** A cache of the pack's outermost code, for packs that no command of ours loads. */
function compileCache(file) {
  const name = /^[a-z]+/.exec(path.basename(file))[0];
  // Copied: V8 keeps a part of a text together with all of it, and the cache would tell where it was built.
  const filename = Buffer.from(`ayo/${name}.js`).toString();
  const script = new Script(wrap(readFileSync(file, "latin1")), { filename });
  writeFileSync(`${file}.cache`, sealed(script.createCachedData()));
}

/** In the child process: runs the commands, each with modules of its own, as if each were a process. */
async function runHere(outdir, lines, table) {
  const launcher = path.join(outdir, "ayo.cjs");
  const loaded = require(launcher);
  const families = table === "" ? {} : await familiesOf(loaded, table);
  const hot = [];
  await git.init({ fs, dir: ".", defaultBranch: "main" });
  for (const [at, line] of lines.entries()) {
    if (at === PREPARE.length) {
      await commitFor(ticketId());
      // Stamps prove something by then, as in most stores.
      await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
    }
    const evaluated = await runOne(loaded, launcher, line, table === "" ? "library" : "reads");
    if (process.exitCode !== 0) throw new Error(`ayo ${line.join(" ")}: exit ${process.exitCode}`);
    const family = line[0] === "library" ? "library" : (families[line.slice(0, 2).join(" ")] ?? "reads");
    hot.push({ line, family, evaluated });
  }
  for (const [file, script] of loaded.scripts) writeFileSync(`${file}.cache`, sealed(script.createCachedData()));
  writeFileSync(REPORT, JSON.stringify(hot.slice(PREPARE.length)));
}

/** A commit of the project that names a ticket: whoever shows the ticket looks for such. */
async function commitFor(id) {
  const author = { name: "ayo", email: "ayo@localhost" };
  await git.commit({ fs, dir: ".", author, message: `Work\n\nTICKET: ${id}\n` });
}

function ticketId() {
  return path.basename(
    readdirSync(".tickets").find((name) => name.endsWith(".md")),
    ".md",
  );
}

/** Runs one command to its end, which is when nothing is left to wait for; the modules that it evaluated. */
async function runOne({ load, modules, forget, isLeft, optimizeLater }, launcher, line, packOfLibrary) {
  // A file that was just written is looked at more closely.
  await new Promise((resolve) => setTimeout(resolve, 30));
  process.argv = [process.execPath, launcher, ...line.map((word) => (word === "ID" ? ticketId() : word))];
  forget();
  if (line[0] === "tui") takeForTerminal();
  const ended = new Promise((resolve) => process.once("beforeExit", resolve));
  if (line[0] === "library") await useLibrary(load(`./${packOfLibrary}/library.js`));
  else if (isLeft(process.argv.slice(2))) load("./reads/main.js");
  await ended;
  optimizeLater(false);
  return [...modules.keys()].map((name) => path.basename(name));
}

/** Stands for a terminal in this process: somebody looks at the board, walks a line and leaves. */
function takeForTerminal() {
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => stdin });
  let seen = "";
  const write = (bytes, _, done) => {
    const wasLive = seen.includes(" live ");
    seen += bytes;
    // The second key comes with a frame of its own.
    if (!wasLive && seen.includes(" live "))
      for (const [at, key] of [..."jkq"].entries()) setTimeout(() => stdin.write(key), 50 * at);
    done();
  };
  const stdout = Object.assign(new Writable({ write }), { isTTY: true, columns: 120, rows: 40 });
  for (const [name, value] of Object.entries({ stdin, stdout })) Object.defineProperty(process, name, { value });
  const { fstatSync } = fs;
  const device = { isCharacterDevice: () => true, rdev: 0x8801 };
  fs.fstatSync = (descriptor, ...options) => (descriptor < 2 ? device : fstatSync(descriptor, ...options));
  // V8 takes no cache that was made under other flags.
  require("node:v8").setFlagsFromString = () => {};
  Object.assign(process.env, { LANG: "C.UTF-8", TERM: "xterm-256color" });
}

/** The family of each command that the table of verbs has, by its words. */
async function familiesOf({ load }, table) {
  const { ROWS } = load(table);
  const rows = [...ROWS].filter(([, { cli }]) => cli !== undefined);
  const families = await Promise.all(
    rows.map(async ([name, { cli, load: loadAction }]) => {
      const { writes } = await loadAction();
      return [cli === "ticket" ? `ticket ${name}` : name, name === "search" ? "search" : writes ? "writes" : "reads"];
    }),
  );
  return Object.fromEntries(families);
}

if (process.argv[1] === self) {
  const [, , outdir, lines, table] = process.argv;
  await runHere(outdir, JSON.parse(lines), table);
}
