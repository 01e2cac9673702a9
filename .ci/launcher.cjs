#!/usr/bin/env node
// Starts ayo: runs the chunks beside this file from V8's code cache, which saves most of their compilation.
// A cache that V8 does not accept (another version of Node) is ignored; nothing is ever written here.
"use strict";
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`error: ayo needs Node 20.19 or newer; this is ${process.versions.node}`);
  process.exit(1);
}
const { readFileSync } = require("node:fs");
const { Script } = require("node:vm");

const modules = new Map();
const scripts = new Map();

function readCache(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

function wrap(code) {
  return `(function(exports,require,module,__filename,__dirname){${code}\n})`;
}

/** Node's modules that take milliseconds to load, and that many commands import but do not use. */
const HEAVY = new Set(["node:child_process", "node:crypto", "node:zlib"]);

/** Stands for a module of Node until one of its properties is read; esbuild's chunks read them at each use. */
function lazy(name) {
  return new Proxy({}, { get: (_, key) => require(name)[key], ownKeys: () => Reflect.ownKeys(require(name)) });
}

function load(name) {
  if (!name.startsWith("./")) return HEAVY.has(name) ? lazy(name) : require(name);
  const known = modules.get(name);
  if (known !== undefined) return known.exports;
  const file = `${__dirname}/${name.slice(2)}`;
  // The cache keeps the name it was made with, hence one without the folder it was built in.
  const filename = `ayo/${name.slice(2)}`;
  const script = new Script(wrap(readFileSync(file, "utf8")), { filename, cachedData: readCache(`${file}.cache`) });
  const module = { exports: {} };
  modules.set(name, module);
  scripts.set(file, script);
  script.runInThisContext()(module.exports, load, module, file, __dirname);
  return module.exports;
}

module.exports = { load, scripts, wrap };
if (require.main === module) load("./main.js");
