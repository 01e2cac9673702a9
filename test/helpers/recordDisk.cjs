// Preloaded with --require: records every change of the disk below AYO_DISK_ROOT, what is synced, and when the process
// answered, in their order; at the end the record is written to AYO_DISK_LOG as JSON (see diskModel.ts).
const fs = require("node:fs");
const path = require("node:path");
const { syncBuiltinESMExports } = require("node:module");

const { AYO_DISK_ROOT: root, AYO_DISK_LOG: file } = process.env;
const { writeFileSync } = fs;
const steps = [];
/** Open handles below the root, each with a number of its own: the system's are used again. */
const handles = new Map();
let opened = 0;
/** Set while a recorded function runs that calls others of them. */
let isInside = false;

const isBelow = (name) =>
  path.resolve(String(name)).startsWith(`${root}${path.sep}`) || path.resolve(String(name)) === root;
const relative = (name) => path.relative(root, path.resolve(String(name)));
const record = (step) => isInside || steps.push(step);

/** What a call did, once it has succeeded; asynchronous calls are recorded when they are done. */
function watch(names, note) {
  for (const name of names) {
    const real = fs[name];
    const watched = (...args) => {
      const callback = name.endsWith("Sync") ? undefined : args.at(-1);
      if (callback === undefined) {
        const result = real(...args);
        note(args, result);
        return result;
      }
      return real(...args.slice(0, -1), (error, ...results) => {
        if (!error) note(args, results[0]);
        callback(error, ...results);
      });
    };
    fs[name] = Object.assign(watched, real);
  }
}

const bytesOf = (data, encoding) => (typeof data === "string" ? Buffer.from(data, encoding) : Buffer.from(data));

/** `a`, `w` or `r+` for the numbers that mean as much. */
function lettersOf(flags) {
  if (typeof flags !== "number") return String(flags);
  const { O_APPEND, O_TRUNC } = fs.constants;
  return flags & O_APPEND ? "a" : flags & O_TRUNC ? "w" : flags & 3 ? "r+" : "r";
}

watch(["openSync", "open"], ([name, flags = "r"], handle) => {
  handles.delete(handle);
  if (!isBelow(name)) return;
  handles.set(handle, opened);
  record({ step: "open", file: relative(name), flags: lettersOf(flags), handle: opened++ });
});
watch(["writeSync", "write"], ([handle, data, ...rest], written) => {
  if (handle === 1) record({ step: "answer" });
  if (!handles.has(handle)) return;
  const isText = typeof data === "string";
  const offset = isText ? 0 : (rest[0] ?? 0);
  const at = isText ? rest[0] : rest[2];
  const bytes = bytesOf(data).subarray(offset, offset + written);
  record({
    step: "write",
    handle: handles.get(handle),
    at: typeof at === "number" ? at : null,
    bytes: bytes.toString("base64"),
  });
});
watch(["ftruncateSync", "ftruncate"], ([handle, length = 0]) => {
  if (handles.has(handle)) record({ step: "truncate", handle: handles.get(handle), length });
});
watch(["fsyncSync", "fsync", "fdatasyncSync", "fdatasync"], ([handle]) => {
  if (handles.has(handle)) record({ step: "sync", handle: handles.get(handle) });
});
watch(["renameSync", "rename"], ([from, to]) => record({ step: "rename", from: relative(from), to: relative(to) }));
watch(["linkSync", "link"], ([from, to]) => record({ step: "link", from: relative(from), to: relative(to) }));
watch(["unlinkSync", "unlink"], ([name]) => record({ step: "unlink", file: relative(name) }));
watch(["rmdirSync", "rmdir"], ([name]) => record({ step: "unlink", file: relative(name) }));
watch(["mkdirSync", "mkdir"], ([name, options], first) => {
  if (!isBelow(name)) return;
  if (!options?.recursive) record({ step: "mkdir", file: relative(name) });
  else if (first !== undefined) {
    const made = [];
    for (let dir = path.resolve(name); dir.length >= path.resolve(first).length; dir = path.dirname(dir))
      made.push(dir);
    for (const dir of made.reverse()) record({ step: "mkdir", file: relative(dir) });
  }
});

/** Writes a whole file: Node does it in one go, past the functions above, or through them. */
function watchWhole(name, flag) {
  const real = fs[name];
  const watched = (target, data, options) => {
    const was = isInside;
    isInside = true;
    try {
      real(target, data, options);
    } finally {
      isInside = was;
    }
    const isOpen = typeof target === "number";
    if (isOpen ? !handles.has(target) : !isBelow(target)) return;
    const handle = isOpen ? handles.get(target) : opened++;
    const encoding = typeof options === "string" ? options : (options?.encoding ?? "utf8");
    if (!isOpen) record({ step: "open", file: relative(target), flags: options?.flag ?? flag, handle });
    record({ step: "write", handle, at: null, bytes: bytesOf(data, encoding).toString("base64") });
  };
  fs[name] = Object.assign(watched, real);
}
watchWhole("writeFileSync", "w");
watchWhole("appendFileSync", "a");

process.on("exit", () => writeFileSync(file, JSON.stringify(steps)));
syncBuiltinESMExports();
