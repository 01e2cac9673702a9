// What the packages cost where src/README.md says that the hot path goes round them: their loading beside bare Node,
// and the same work by them and by us. node test/bench/packages.mjs
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const PACKAGES = {
  "isomorphic-git": "isomorphic-git",
  "gray-matter, js-yaml": "gray-matter;js-yaml",
  "proper-lockfile": "proper-lockfile",
  chokidar: "chokidar",
  yargs: "yargs",
  "yargs-parser": "yargs-parser",
  minisearch: "minisearch",
  "node-diff3": "node-diff3",
};
const RUNS = 15;

const BANNERS = {
  cjs: 'const __url = require("node:url").pathToFileURL(__filename).href;',
  esm: 'import { createRequire as __require } from "node:module"; const require = __require(import.meta.url);',
};

/** Bundles a text as one file, as .ci/build.mjs bundles packages. */
async function bundle(contents, outfile, format) {
  await build({
    stdin: { contents, resolveDir: root, loader: "ts" },
    outfile,
    format,
    bundle: true,
    minify: true,
    platform: "node",
    target: "node20.19",
    logLevel: "error",
    banner: { js: BANNERS[format] },
    define: format === "cjs" ? { "import.meta.url": "__url" } : {},
    alias: { "isomorphic-git": path.join(root, "node_modules/isomorphic-git/index.js"), "graceful-fs": "node:fs" },
  });
}

const LOAD = `
const start = performance.now();
require(process.argv[1]);
console.log(performance.now() - start);
process.exit(0);
`;

/** Milliseconds that loading takes in a process of its own: the best of several, which others disturb least. */
function loading(file) {
  const times = Array.from({ length: RUNS }, () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ["--eval", LOAD, file], { encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
    return Number(stdout);
  });
  return Math.min(...times);
}

const WORK = `
import fs from "node:fs";
import path from "node:path";
import { watch as watchByNode } from "node:fs";
import * as iso from "isomorphic-git";
import { watch } from "chokidar";
import { diff3Merge } from "node-diff3";
import { initRepository } from "./src/git/repository/initRepository.ts";
import { buildCommit } from "./src/git/commits/commit.ts";
import { openPacks } from "./src/git/objects/openPacks.ts";
import { hashObject } from "./src/git/objects/objects.ts";
import { writePack } from "./src/git/objects/pack.ts";
import { readPlainFrontMatter } from "./src/ticket/text/plainFrontMatter.ts";
import { parseFrontMatter } from "./src/ticket/text/frontMatter.ts";
import { mergeLines } from "./src/store/files/mergeLines.ts";
import { watchFolders } from "./src/store/disk/folderWatcher.ts";

const [, , dir] = process.argv;
const COUNT = 10_000;
const timed = async (name, work) => {
  const [start, cpu, rss] = [performance.now(), process.cpuUsage(), process.memoryUsage().rss];
  await work();
  const used = process.cpuUsage(cpu);
  const memory = (process.memoryUsage().rss - rss) / 1e6;
  const spent = (used.user + used.system) / 1000;
  console.log(name.padEnd(62) + (performance.now() - start).toFixed(0).padStart(7) + " ms " + spent.toFixed(0).padStart(7) + " ms CPU" + memory.toFixed(0).padStart(6) + " MB");
};
const person = { name: "Ann", email: "ann@example.com", time: 1_700_000_000, timezone: "+0000" };
const author = { name: "Ann", email: "ann@example.com", timestamp: 1_700_000_000, timezoneOffset: 0 };
const meta = { author: person, committer: person, message: "change\\n" };
const yaml = "id: ayo-x7k2\\nstatus: open\\ndeps: [ayo-9fq1, ayo-1abc]\\nlinks: []\\ncreated: 2026-11-21T03:38:00Z\\ntype: task\\npriority: 2\\nassignee: '@coder'\\ntags: [api, web]\\n";
const fronts = Array.from({ length: COUNT }, (_, n) => yaml.replace("x7k2", String(n)));

await timed("10,000 front matters: the line reader", () => fronts.forEach((one) => readPlainFrontMatter(one)));
await timed("10,000 front matters: gray-matter and js-yaml", () => fronts.forEach((one) => parseFrontMatter(one, { path: "x", firstLine: 2 })));

const repository = initRepository(dir);
const changes = new Map(fronts.map((one, n) => [\`t-\${n}.md\`, { bytes: Buffer.from(one) }]));
const objects = [];
const first = await buildCommit(repository, undefined, changes, meta, (type, bytes) => {
  objects.push({ type, bytes });
  return hashObject(type, bytes);
});
writePack(repository, objects);
const some = [...changes.values()].slice(0, 1_000).map(({ bytes }) => bytes);
await timed("1,000 tickets stored: our one pack, synced", () => {
  writePack(initRepository(path.join(dir, "packed")), some.map((bytes) => ({ type: "blob" as const, bytes })));
});
const other = path.join(dir, "other");
await iso.init({ fs, dir: other });
await timed("1,000 tickets stored: isomorphic-git's writeBlob, not synced", async () => {
  for (const bytes of some) await iso.writeBlob({ fs, dir: other, blob: bytes });
});
await timed("10,000 packed objects read: ours", () => {
  const packs = openPacks(repository);
  for (const { type, bytes } of objects) if (packs.read(hashObject(type, bytes)) === undefined) throw new Error("missing");
  packs.close();
});
await timed("10,000 packed objects read: isomorphic-git", async () => {
  const cache = {};
  for (const { type, bytes } of objects) await iso.readObject({ fs, dir, oid: hashObject(type, bytes), format: "content", cache });
});
const news = new Map([["t-77.md", { bytes: Buffer.from("news") }]]);
await timed("20 commits of one in 10,000 tickets: ours, loose objects", async () => {
  for (let n = 0; n < 20; n++) await buildCommit(repository, first.oid, news, { ...meta, message: String(n) });
});
await timed("20 commits of one in 10,000 tickets: isomorphic-git's", async () => {
  const cache = {};
  for (let n = 0; n < 20; n++) {
    const { tree } = await iso.readTree({ fs, dir, oid: first.tree, cache });
    const oid = await iso.writeBlob({ fs, dir, blob: Buffer.from("more news") });
    const next = await iso.writeTree({ fs, dir, tree: tree.map((one) => (one.path === "t-77.md" ? { ...one, oid } : one)) });
    const commit = { tree: next, parent: [first.oid], author, committer: author, message: String(n) };
    await iso.writeCommit({ fs, dir, commit });
  }
});

const log = Array.from({ length: 3_000 }, (_, n) => "line " + (n % 50));
const [ours, theirs] = [[...log.slice(0, 1_500), "ours", ...log.slice(1_500)], [...log, "theirs"]];
const bytes = (lines) => Buffer.from(lines.join("\\n") + "\\n");
await timed("3,000 lines, many alike, merged: ours round node-diff3", async () => void (await mergeLines(bytes(ours), bytes(log), bytes(theirs))));
await timed("3,000 lines, many alike, merged: node-diff3 alone", () => void diff3Merge(ours, log, theirs));

const folder = path.join(dir, "tickets");
fs.mkdirSync(folder);
fs.mkdirSync(path.join(dir, "none"));
for (let n = 0; n < COUNT; n++) fs.writeFileSync(path.join(folder, n + ".md"), "x");
await timed("a folder of 10,000 watched: fs.watch", () => watchByNode(folder, { persistent: false }, () => {}));
await timed("a folder of 10,000 watched: chokidar's raw events", () => watchFolders([folder], { onChange: () => {}, onFailure: () => {} }));
await timed("a folder of 10,000 watched: chokidar's documented events", () => new Promise((done) => watch(folder, { depth: 0, ignoreInitial: true }).once("ready", done)));
process.exit(0);
`;

const scratch = mkdtempSync(path.join(os.tmpdir(), "ayo-bench-packages-"));
try {
  console.log(`Node ${process.version}; loading in a process of its own, bundled and minified:`);
  for (const [name, packages] of Object.entries(PACKAGES)) {
    const file = path.join(scratch, "package.cjs");
    const lines = packages.split(";").map((one, n) => `import * as p${n} from "${one}"; globalThis.used${n} = p${n};`);
    await bundle(lines.join("\n"), file, "cjs");
    console.log(`${name.padEnd(62)}${loading(file).toFixed(1).padStart(7)} ms`);
  }
  await bundle(WORK, path.join(scratch, "work.mjs"), "esm");
  mkdirSync(path.join(scratch, "work"));
  const { status } = spawnSync(process.execPath, [path.join(scratch, "work.mjs"), path.join(scratch, "work")], {
    stdio: "inherit",
  });
  process.exitCode = status ?? 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
