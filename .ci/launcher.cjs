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
const { lstatSync, readFileSync } = require("node:fs");
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

/** What the build puts in place of import.meta.url, and of performance.now: that would load all of perf_hooks. */
const given = {
  get url() {
    return require("node:url").pathToFileURL(__filename).href;
  },
  /** Names all of the code. */
  build: Object.values(FILES).join(),
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
  const options = { filename: `ayo/${name}.js`, cachedData: readCache(`${file}.cache`) };
  const script = scripts.get(file) ?? new Script(wrap(readPack(file)), options);
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
  return new Proxy({}, { get: (_, key) => require(name)[key], ownKeys: () => Reflect.ownKeys(require(name)) });
}

function builtin(name) {
  let known = builtins.get(name);
  if (known === undefined) {
    known = HEAVY.has(name) ? lazy(name) : require(name);
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

module.exports = { HEAVY, build: given.build, load, forget, modules, sampleOf, scripts, wrap };
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
  if (!is(ASKED.writes) && !(is(ASKED.reads) && isHelped())) return true;
  const asked = load("./ask/client.js").askOthers(words, given.build);
  given.asked = asked === "done" ? undefined : asked;
  return asked !== "done";
}

if (isCommand && isLeft(process.argv.slice(2))) load("./reads/main.js");
