// Preloaded with --require: before its AYO_STOP_AT-th call of the disk, from 1, this process says on descriptor 3 which
// call that is and sends itself the signal AYO_STOP_BY: SIGSTOP, after which the call is made, or SIGKILL. Reads count
// too, in the store and in git directories: what was read before a pause is old after it. With AYO_STOP_OF only the calls
// with that in one of their paths are counted.
const fs = require("node:fs");
const { syncBuiltinESMExports } = require("node:module");

const { AYO_STOP_AT, AYO_STOP_BY, AYO_STOP_OF = "" } = process.env;
const { writeSync } = fs;
let count = 0;

function stopIfNow(name, args) {
  const paths = args.filter((arg) => typeof arg === "string");
  if (AYO_STOP_OF !== "" && !paths.some((one) => one.includes(AYO_STOP_OF))) return;
  count++;
  if (count !== Number(AYO_STOP_AT)) return;
  writeSync(3, JSON.stringify([name, ...paths.slice(0, 2)]));
  process.kill(process.pid, AYO_STOP_BY);
}

const isOfStore = (file) => /[\\/]\.(?:tickets|git)(?:[\\/]|$)/.test(String(file));
// What is printed is no change of the disk.
const isFile = (handle) => handle > 3;

function wrap(names, counts) {
  for (const name of names) {
    const real = fs[name];
    const stopping = (...args) => {
      if (counts(args[0])) stopIfNow(name, args);
      return real(...args);
    };
    fs[name] = Object.assign(stopping, real);
  }
}

// Not rmSync and appendFileSync, which call others of these.
wrap(["renameSync", "linkSync", "unlinkSync", "mkdirSync", "rmdirSync", "utimesSync", "writeFileSync"], isOfStore);
wrap(["openSync", "readFileSync", "readdirSync", "lstatSync", "statSync", "existsSync"], isOfStore);
wrap(["mkdir", "rmdir", "utimes"], isOfStore);
wrap(["writeSync", "fsyncSync", "fsync", "ftruncateSync"], isFile);
if (AYO_STOP_AT === "0") process.on("exit", () => writeSync(3, String(count)));
syncBuiltinESMExports();
