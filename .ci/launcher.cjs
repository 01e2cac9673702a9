#!/usr/bin/env node
// Starts ayo, and gives dist/index.js the library. The code lies in packs beside this file, one for each family of commands (see .ci/README.md); a pack is
// one script with many modules, each evaluated when it is first required, and V8's code cache saves compiling it.
// A cache that V8 does not accept (another version of Node) is ignored; nothing is ever written here.
"use strict";
const isCommand = require.main === module;

/** Ends the command; a program that uses the library gets an error, and goes on as it likes. */
function fail(message) {
  if (!isCommand) throw new Error(message);
  console.error(`error: ${message}`);
  process.exit(1);
}

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) fail(`ayo needs Node 20.19 or newer; this is ${process.versions.node}`);
const { lstat, lstatSync, readFileSync } = require("node:fs");
const { dirname } = require("node:path");
const { Script } = require("node:vm");

/** The file of each pack, named after what is in it; the build puts them here. */
const FILES = {};

/** Verbs of changes, and of reads, that another process may do (src/cli/ask); the build puts them here. */
const ASKED = { writes: [], reads: [] };

/** Node's modules that take milliseconds to load, and that many commands import but do not use. */
const HEAVY = new Set(["node:child_process", "node:crypto", "node:zlib", "node:timers/promises", "node:v8"]);

const builtins = new Map();
/** What the packs that were loaded have: functions that evaluate a module, by its name. */
const packs = new Map();
const modules = new Map();
const scripts = new Map();

/** Which flags make V8 wait thirty times as long for machine code, and what they are by themselves, by its version. */
const LATER = {
  11.3: { "interrupt-budget": [4_000_000, 67_584] },
  12.4: {
    "invocation-count-for-maglev": [12_000, 400],
    "invocation-count-for-turbofan": [90_000, 3_000],
    "invocation-count-for-osr": [24_000, 800],
  },
  13.6: {
    "invocation-count-for-maglev": [12_000, 400],
    "invocation-count-for-turbofan": [90_000, 3_000],
    "invocation-count-for-osr": [24_000, 500],
  },
};
let isLater = false;

/**
 * Has V8 wait before it makes machine code of what runs often, or do so as always: a command that goes through a store
 * once is over before it gains from that what it costs.
 */
function optimizeLater(later) {
  if (later === isLater) return;
  isLater = later;
  const { setFlagsFromString } = require("node:v8");
  for (const [flag, values] of Object.entries(LATER[/^\d+\.\d+/.exec(process.versions.v8)] ?? {}))
    setFlagsFromString(`--${flag}=${values[later ? 0 : 1]}`);
}

/** Loads code as always: a cache, Node's own too, counts only with the flags that it was made with. */
function asAlways(load) {
  if (!isLater) return load();
  optimizeLater(false);
  try {
    return load();
  } finally {
    optimizeLater(true);
  }
}

/** So many files are synced at once; Node has four threads for that, and a disk takes milliseconds for each. */
const THREADS = "16";
let hasThreads = false;

/** Has this process begin its threads, and those that it starts none of ours. */
function beginThreads() {
  if (hasThreads || process.env.UV_THREADPOOL_SIZE !== undefined) return;
  hasThreads = true;
  process.env.UV_THREADPOOL_SIZE = THREADS;
  // The first call for them begins them all.
  lstat("/", () => {});
  delete process.env.UV_THREADPOOL_SIZE;
}

/** What the build puts in place of import.meta.url, and of performance.now: that would load all of perf_hooks. */
const given = {
  get url() {
    return require("node:url").pathToFileURL(__filename).href;
  },
  /** Names all of the code. */
  build: Object.values(FILES).join(),
  optimizeLater,
  beginThreads,
  /** What is left to do of what another process did for this one. */
  asked: undefined,
  now() {
    const [seconds, nanoseconds] = process.hrtime();
    return seconds * 1e3 + nanoseconds / 1e6;
  },
};

/** One word of 64, mixed to one number: V8 crashes on a damaged cache, and to look at all words takes 3 ms. */
function sampleOf(cache) {
  const words = new Int32Array(cache.buffer, cache.byteOffset, cache.length >> 2);
  let sum = cache.length;
  for (let at = 0; at < words.length; at += 64) sum = Math.imul(sum ^ words[at], 0x01000193);
  return sum;
}

/** Whether this is a change, which needs more of the pack of reads. */
let changes = false;

/** The file of a pack's cache. */
function cacheOf(name, file) {
  return `${file}${name === "reads" && changes ? ".changes" : ""}.cache`;
}

/** A cache as the build wrote it, with its checksum at the end; undefined where there is none, or a damaged one. */
function readCache(file) {
  try {
    const bytes = readFileSync(file);
    const cache = bytes.subarray(0, -4);
    return bytes.readInt32LE(cache.length) === sampleOf(cache) ? cache : undefined;
  } catch {
    return undefined;
  }
}

function broken(what) {
  const [again, install] = isCommand
    ? ["run the command", "npm install --global"]
    : ["start this program", "npm install"];
  fail(`this installation of ayo is not whole: ${what}
If it was just replaced, ${again} again; else install it again: ${install} ayo-tickets`);
}

function wrap(code) {
  return `(function(exports,require,__ayo){${code}\n})`;
}

function readPack(file) {
  try {
    // The build writes ASCII alone, which is read fastest so.
    return readFileSync(file, "latin1");
  } catch (error) {
    // A program may have too many files open, and go on when it has closed some.
    if (!isCommand && error.code !== "ENOENT") throw error;
    return broken(error.message);
  }
}

function pack(name) {
  const known = packs.get(name);
  if (known !== undefined) return known;
  const file = `${__dirname}/${FILES[name]}`;
  // The cache keeps the name it was made with, hence one without the folder it was built in.
  const options = { filename: `ayo/${name}.js`, cachedData: readCache(cacheOf(name, file)) };
  const script = scripts.get(file) ?? asAlways(() => new Script(wrap(readPack(file)), options));
  const factories = {};
  packs.set(name, factories);
  scripts.set(file, script);
  script.runInThisContext()(factories, load, given);
  return factories;
}

/** Has every module evaluated anew; for the build, which runs many commands in one process. */
function forget() {
  packs.clear();
  modules.clear();
}

/** Stands for a module of Node until one of its properties is read; the packs read them at each use. */
function lazy(name) {
  let known;
  const loaded = () => {
    known ??= asAlways(() => require(name));
    return known;
  };
  return new Proxy({}, { get: (_, key) => loaded()[key], ownKeys: () => Reflect.ownKeys(loaded()) });
}

function builtin(name) {
  let known = builtins.get(name);
  if (known === undefined) {
    known = HEAVY.has(name) ? lazy(name) : asAlways(() => require(name));
    builtins.set(name, known);
  }
  return known;
}

/** `require` in the packs: `./reads/show-X.js` is a module of the pack `reads`, all else is Node's. */
function load(name) {
  if (!name.startsWith("./")) return builtin(name);
  const known = modules.get(name);
  if (known !== undefined) return known.exports;
  const slash = name.indexOf("/", 2);
  const evaluate = pack(name.slice(2, slash))[name.slice(slash + 1)];
  if (evaluate === undefined) broken(`${name} is missing`);
  const module = { exports: {} };
  modules.set(name, module);
  try {
    evaluate(module, module.exports);
  } catch (error) {
    // A program that goes on is told again, and does not get half a module.
    modules.delete(name);
    throw error;
  }
  return module.exports;
}

module.exports = { HEAVY, build: given.build, load, forget, isLeft, modules, optimizeLater, sampleOf, scripts, wrap };
/** Whether somebody may be there who reads for others: of a linked worktree that is told by who looks closer. */
function isHelped() {
  const there = (file) => lstatSync(file, { throwIfNoEntry: false });
  try {
    for (let dir = process.cwd(), above; ; dir = above) {
      if (there(`${dir}/.tickets/.git/ayo/ask/live`)) return true;
      const git = there(`${dir}/.git`);
      above = dirname(dir);
      if (git !== undefined || above === dir) return git?.isFile() === true;
    }
  } catch {
    // What is wrong with the place is told by the command.
    return false;
  }
}

/** False where another process has done all. */
function isLeft(words) {
  const is = (verbs) => words.some((word) => verbs.includes(word));
  changes = is(ASKED.writes);
  if (!changes && !(is(ASKED.reads) && isHelped())) return true;
  const asked = load("./ask/client.js").askOthers(words, given.build);
  given.asked = asked === "done" ? undefined : asked;
  if (asked === "done") return false;
  // What a change needs loads most of what node:v8 does; a read of few tickets is over sooner without.
  optimizeLater(changes);
  if (changes) beginThreads();
  return true;
}

if (isCommand && isLeft(process.argv.slice(2))) load("./reads/main.js");
