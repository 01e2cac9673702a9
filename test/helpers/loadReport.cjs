// Preloaded with node --require: when the process ends, writes what it loaded to the file that LOAD_REPORT names.
const { readdirSync, writeFileSync } = require("node:fs");
/** How many threads it has, and how many the programs that it starts are told to begin. */
function threads() {
  const there = process.platform === "linux" ? readdirSync("/proc/self/task").length : undefined;
  return { threads: there, threadsOfOthers: process.env.UV_THREADPOOL_SIZE };
}

const before = new Set(process.moduleLoadList);
process.on("exit", () => {
  // Of a program that uses the library the launcher is a module of Node like others.
  const launched = Object.values(require.cache).find(({ filename }) => /[/\\]ayo\.cjs$/.test(filename));
  const launcher = (launched ?? process.mainModule)?.exports;
  const packs = [...(launcher?.scripts?.keys() ?? [])].map((file) => /([a-z]+)-[0-9a-f]+\.js$/.exec(file)[1]);
  const builtins = process.moduleLoadList
    .filter((name) => !before.has(name))
    .map((name) => name.replace(/^(?:NativeModule|Internal Binding) /, ""));
  const isWarm = [...(launcher?.scripts?.values() ?? [])].every((script) => script.cachedDataRejected === false);
  const modules = [...(launcher?.modules?.keys() ?? [])].map((name) => /([^/]+?)(?:-\w+)?\.js$/.exec(name)[1]);
  writeFileSync(process.env.LOAD_REPORT, JSON.stringify({ packs, modules, builtins, isWarm, ...threads() }));
});
