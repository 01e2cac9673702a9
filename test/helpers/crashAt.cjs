// Preloaded with --require: ends this process with SIGKILL at its AYO_CRASH_AT-th change of the disk, from 1.
// A write is cut in half first, as a crash may; other changes do not happen.
const fs = require("node:fs");
const { syncBuiltinESMExports } = require("node:module");

const at = Number(process.env.AYO_CRASH_AT);
let count = 0;

function die() {
  process.kill(process.pid, "SIGKILL");
}

function isNow() {
  count++;
  return count === at;
}

for (const name of [
  "renameSync",
  "linkSync",
  "rmSync",
  "unlinkSync",
  "mkdirSync",
  "rmdirSync",
  "appendFileSync",
  "utimesSync",
  "mkdir",
  "rmdir",
  "utimes",
]) {
  const real = fs[name];
  fs[name] = Object.assign((...args) => (isNow() ? die() : real(...args)), real);
}

const { openSync, writeSync, writeFileSync } = fs;
fs.openSync = (file, flags, ...rest) =>
  (typeof flags === "number" ? (flags & 3) !== 0 : /[wa]/.test(flags)) && isNow()
    ? die()
    : openSync(file, flags, ...rest);
fs.writeSync = (handle, bytes, ...rest) => {
  // What is printed is no change of the disk.
  if (handle <= 2 || !isNow()) return writeSync(handle, bytes, ...rest);
  writeSync(handle, bytes.subarray(0, bytes.length / 2));
  return die();
};
fs.writeFileSync = (file, data, ...rest) => {
  if (!isNow()) return writeFileSync(file, data, ...rest);
  try {
    writeFileSync(file, data.slice(0, data.length / 2), ...rest);
  } finally {
    // Also where the write is refused: the count is of attempts.
    die();
  }
};
syncBuiltinESMExports();
