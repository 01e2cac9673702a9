// Preloaded with --require: stops this process (SIGSTOP) before a change of the disk, until somebody sends SIGCONT: the
// AYO_PAUSE_AT-th, from 1. With AYO_PAUSE_READS=1 looks at the store count too: what was read before a pause is old after
// it. With AYO_PAUSE_FROM the count begins with the first call that fits this pattern, such as "renameSync .*/redo/": the
// call's name, then its words, each after a space. Of several, each on a line, the next begins where the one before it
// has stopped the process, and AYO_PAUSE_AT may have a number for each, with commas.
const fs = require("node:fs");
const { syncBuiltinESMExports } = require("node:module");

const numbers = String(process.env.AYO_PAUSE_AT).split(",").map(Number);
const from = (process.env.AYO_PAUSE_FROM ?? "").split("\n").map((pattern) => new RegExp(pattern));
let count = 0;

function pauseIfNow(name, args) {
  const words = () => [name, ...args.filter((one) => typeof one === "string")].join(" ");
  if (from.length === 0 || (count === 0 && !from[0].test(words()))) return;
  count++;
  if (count !== numbers[0]) return;
  if (numbers.length > 1) numbers.shift();
  from.shift();
  count = 0;
  process.kill(process.pid, "SIGSTOP");
}

/** Wraps functions; `counts` says by a call's arguments whether it is one that counts. */
function wrap(names, counts = () => true) {
  for (const name of names) {
    const real = fs[name];
    const paused = (...args) => {
      if (counts(...args)) pauseIfNow(name, args);
      return real(...args);
    };
    fs[name] = Object.assign(paused, real);
  }
}

const isOfStore = (file) => /[\\/]\.(?:tickets|git)(?:[\\/]|$)/.test(String(file));
const { O_WRONLY, O_RDWR, O_CREAT } = fs.constants;
const isWriting = (flags) =>
  typeof flags === "number" ? (flags & (O_WRONLY | O_RDWR | O_CREAT)) !== 0 : /[wa+]/.test(String(flags));
// What is printed is no change of the disk.
const isFile = (handle) => handle > 2;

// Not here: rmSync and appendFileSync, which call others of these.
wrap(["renameSync", "linkSync", "symlinkSync", "unlinkSync", "mkdirSync", "rmdirSync", "utimesSync", "chmodSync"]);
wrap(["writeFileSync", "copyFileSync", "truncateSync"]);
// Nor the syncs: before and after them everybody sees the same files.
wrap(["writeSync", "write", "ftruncateSync", "futimesSync"], isFile);
// What proper-lockfile calls.
wrap(["mkdir", "rmdir", "stat", "utimes"]);
if (process.env.AYO_PAUSE_READS === "1") {
  wrap(["openSync", "open"], (file, flags) => isWriting(flags) || isOfStore(file));
  wrap(["readFileSync", "readdirSync", "lstatSync", "statSync", "existsSync"], isOfStore);
} else {
  wrap(["openSync", "open"], (_file, flags) => isWriting(flags));
}

syncBuiltinESMExports();
