// Builds dist/cli: the command line and the library as a few packs of modules, one for each family of commands, and
// dist/index.js, which gets the library from there (see README.md).
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { traceCommands, warmCodeCache } from "./codeCache.mjs";

const { HEAVY } = createRequire(import.meta.url)("./launcher.cjs");
const here = path.dirname(fileURLToPath(import.meta.url));

/** What the launcher gives the packs: it knows where they are, and a clock that loads nothing. */
const OF_LAUNCHER = {
  "import.meta.url": "__ayo.url",
  "performance.now": "__ayo.now",
  AYO_BUILD: "__ayo.build",
  AYO_ASKED: "__ayo.asked",
  AYO_OPTIMIZE_LATER: "__ayo.optimizeLater",
  AYO_BEGIN_THREADS: "__ayo.beginThreads",
};

const TARGET = { target: "node20.19", platform: "node", charset: "ascii", logLevel: "warning" };

/** The families whose commands must be fast. */
const HOT = ["reads", "writes", "search"];

/** Has the table of verbs, with which the library begins; of the fast commands few need it. */
const VERBS = "src/actions/verbs.ts";

/** What the command line and the library begin with. */
const ENTRIES = { main: "src/cli/main.ts", library: "src/index.ts" };
const BEGUN = Object.keys(ENTRIES).map((name) => `${name}.js`);

/** What a write evaluates once in so many times, so that a trace need not show it. */
const BY_CHANCE = /\/(?:packSometimes|ask\/serve)\.ts$/;

/** Commands that stay and bring large libraries, which no other command loads. */
const SERVERS = /^src\/cli\/commands\/(?:serve|mcp)\.ts$/;

/** What draws the board on a terminal: begun by a person who waits for it, and loaded by no other command. */
const TUI = /^src\/(?:cli\/commands\/tui|tui\/app\/run|tui\/screen\/terminal)\.ts$/;

/** What any command needs where it is seen by a person: the traces are of pipes. */
const ON_TERMINALS = /\/picocolors\/picocolors\.js$/;

/**
 * Node loads CommonJS about 10 ms faster than ES modules, and esbuild splits only ES modules; so it splits first, which
 * tells what each command can need. Running commands tells what they do need.
 */
export async function buildCli(esbuild, common, outdir) {
  const bundle = await esbuild.build({
    ...common,
    define: { ...common.define, ...OF_LAUNCHER },
    entryPoints: ENTRIES,
    outdir,
    splitting: true,
    chunkNames: "[name]-[hash]",
    minifySyntax: true,
  });
  const chunks = new Map(
    bundle.outputFiles.map((file) => [path.basename(file.path), file.text.replace(/^#!.*\n/, "")]),
  );
  const graph = graphOf(bundle.metafile);
  const lazyCode = new Map(
    await Promise.all([...chunks].map(async ([name, code]) => [name, await asCommonJs(esbuild, code)])),
  );
  const traced = traceOf(lazyCode, graph);
  const packOf = assignPacks(graph, traced);
  const packs = {};
  for (const name of [...HOT, "library", "tui", "rest", "servers"]) {
    const members = [...chunks.keys()].filter((chunk) => packOf(chunk) === name);
    packs[name] = HOT.includes(name)
      ? await joinedPack(esbuild, { members, chunks, graph, packOf })
      : separatePack(members, lazyCode, packOf);
  }
  packs.ask = await askPack(esbuild, common);
  writePacks(outdir, packs, await askedVerbs(esbuild));
  warmCodeCache(
    outdir,
    traced.filter(({ family }) => family === "reads").map(({ line }) => line),
  );
  const [, { exports }] = Object.entries(bundle.metafile.outputs).find(([, one]) => one.entryPoint === ENTRIES.library);
  writeFileSync(path.join(outdir, "../index.js"), libraryIndex(exports));
  return bundle.metafile;
}

/** The library as an ES module whose names are known before it is evaluated. */
function libraryIndex(names) {
  return `// The library's code lies in packs, with V8's code cache, beside the command line's.
import { createRequire } from "node:module";
const { load } = createRequire(import.meta.url)("./cli/ayo.cjs");
export const {
${names.map((name) => `  ${name},\n`).join("")}} = load("./library/library.js");
`;
}

/** What asks another process: by itself, since whoever only waits loads nothing else. */
async function askPack(esbuild, common) {
  const bundle = await esbuild.build({
    ...common,
    ...TARGET,
    define: { ...common.define, ...OF_LAUNCHER },
    entryPoints: ["src/cli/ask/client.ts"],
    format: "cjs",
    minifySyntax: true,
    minifyWhitespace: true,
  });
  return `exports["client.js"]=function(module,exports){${bundle.outputFiles[0].text}};`;
}

async function askedVerbs(esbuild) {
  const fits = readFileSync(path.join(here, "../src/cli/ask/fits.ts"), "utf8");
  const { code } = await esbuild.transform(fits, { loader: "ts", format: "cjs" });
  const module = { exports: {} };
  new Function("module", "exports", code)(module, module.exports);
  const { WRITES: writes, READS: reads } = module.exports;
  return { writes, reads };
}

/** The chunk of the table of verbs. */
function tableOf(graph) {
  const [table] = [...graph].find(([, { entryPoint }]) => entryPoint === VERBS);
  return table;
}

/** What each chunk imports, and the source file that it is the entry of. */
function graphOf(metafile) {
  const chunks = Object.entries(metafile.outputs).map(([file, { entryPoint, imports }]) => {
    const inside = imports.filter(({ external }) => external !== true);
    const to = (isLazy) =>
      inside.filter(({ kind }) => (kind === "dynamic-import") === isLazy).map((one) => path.basename(one.path));
    return [path.basename(file), { entryPoint, needs: to(false), asksFor: to(true) }];
  });
  return new Map(chunks);
}

/** All chunks that `names` reach; `next` says which a chunk leads to. */
function reach(names, next) {
  const found = new Set(names);
  for (const name of found) for (const other of next(name)) found.add(other);
  return found;
}

/** Runs commands with every module by itself, to see which they evaluate. */
function traceOf(lazyCode, graph) {
  const trial = mkdtempSync(path.join(here, "../node_modules/.ayo-trace-"));
  try {
    writePacks(trial, { reads: separatePack([...lazyCode.keys()], lazyCode, () => "reads") });
    return traceCommands(trial, `./reads/${tableOf(graph)}`);
  } finally {
    rmSync(trial, { recursive: true, force: true });
  }
}

/**
 * The pack of each chunk: of the family whose commands evaluated it. What search evaluates and a write too, as create does
 * that looks for duplicates, lies with the reads, which all load, and so does what the library begins with and a write
 * evaluates. What else the library needs is its own, and the table of verbs, which of the fast commands but a few read;
 * what the terminal's board needs too; what only serve and mcp can reach is the servers', and all else the rest.
 */
function assignPacks(graph, traced) {
  const needs = (name) => graph.get(name).needs;
  const used = (family) =>
    traced.filter((one) => one.family === family).map(({ evaluated }) => reach(evaluated, needs));
  const [reads, writes, search, library] = [...HOT, "library"].map(used);
  const byChance = [...graph.keys()].filter((name) => BY_CHANCE.test(graph.get(name).entryPoint ?? ""));
  if (byChance.length === 0)
    throw new Error(`no module is ${BY_CHANCE}: say in .ci/buildCli.mjs what it is called now`);
  for (const chunks of writes) for (const name of reach(byChance, needs)) chunks.add(name);
  const isOf = (pattern) => (name) => pattern.test(graph.get(name).entryPoint ?? "");
  const tui = reach([...graph.keys()].filter(isOf(TUI)), needs);
  const [onTerminals] = [...graph.keys()].filter(isOf(ON_TERMINALS));
  if (onTerminals === undefined)
    throw new Error(`no module is ${ON_TERMINALS}: say in .ci/buildCli.mjs where it is now`);
  const begun = reach(["library.js"], needs);
  const table = reach([tableOf(graph)], needs);
  const isServer = isOf(SERVERS);
  const next = (name) => [...needs(name), ...graph.get(name).asksFor.filter((other) => !isServer(other))];
  const common = reach(BEGUN, next);
  const by = (sets) => (chunk) => sets.some((chunks) => chunks.has(chunk));
  const [byReads, byWrites, bySearch, byLibrary] = [reads, writes, search, [begun, ...library]].map(by);
  const rules = [
    ["reads", (chunk) => byReads(chunk) || chunk === onTerminals],
    ["library", (chunk) => table.has(chunk)],
    ["reads", (chunk) => bySearch(chunk) && (byWrites(chunk) || byLibrary(chunk))],
    ["reads", (chunk) => byWrites(chunk) && begun.has(chunk)],
    ["writes", byWrites],
    ["library", byLibrary],
    ["search", bySearch],
    ["tui", (chunk) => tui.has(chunk)],
    ["rest", (chunk) => common.has(chunk)],
  ];
  return (chunk) => rules.find(([, isIn]) => isIn(chunk))?.[0] ?? "servers";
}

/**
 * The modules of a hot family joined by esbuild: they name each other's functions directly, and each is still
 * evaluated only when it is required.
 */
async function joinedPack(esbuild, { members, chunks, graph, packOf }) {
  const inside = new Set(members);
  const outer = new Set(BEGUN);
  for (const [name, { needs, asksFor }] of graph) {
    for (const other of asksFor) outer.add(other);
    if (!inside.has(name)) for (const other of needs) outer.add(other);
  }
  const entry = members
    .filter((name) => outer.has(name))
    .map((name) => `exports[${JSON.stringify(name)}] = (module) => { module.exports = require("./${name}"); };`);
  const bundle = await esbuild.build({
    ...TARGET,
    stdin: { contents: entry.join("\n"), loader: "js" },
    bundle: true,
    write: false,
    format: "cjs",
    legalComments: "none",
    supported: { "dynamic-import": false },
    minifyWhitespace: true,
    minifySyntax: true,
    lineLimit: 160,
    plugins: [packPlugin(inside, chunks, packOf), nodePlugin(members.map((name) => chunks.get(name)).join("\n"))],
  });
  // Modules of packs are ES modules: there is nothing to make of them, which costs time for each of their names.
  const text = bundle.outputFiles[0].text.replace(/__toESM\((require\("\.\/[^"]+"\))\)/g, "$1");
  return exportLate(text);
}

/**
 * A module's names are put together when another pack requires it; esbuild does that for all modules of a pack at once,
 * and copies them again for each that is required.
 */
function exportLate(text) {
  const replaced = (code, pattern, by) => {
    if (!pattern.test(code)) throw new Error(`esbuild writes no ${pattern} any more: see exportLate`);
    return code.replace(pattern, by);
  };
  const late = replaced(
    text,
    /__export=\((\w+),(\w+)\)=>\{for\(var (\w+) in \2\)\s*__defProp\(\1,\3,\{get:\2\[\3\],\s*enumerable:!0\}\)\}/,
    "__export=(target,names)=>{target.names=names}",
  );
  return replaced(
    late,
    /__toCommonJS=(\w+)=>__copyProps\((__defProp\(\{\},"__esModule",\{value:!0\}\)),\s*\1\)/,
    "__toCommonJS=({names})=>{let made=$2;for(let name in names)__defProp(made,name,{get:names[name],enumerable:!0});return made}",
  );
}

/**
 * Node's modules as ES modules with the names that are used. esbuild would copy all names of each for every chunk that
 * has a default import of it: 2 ms of a change. Those that are loaded late stay as they are.
 */
function nodePlugin(code) {
  const imports = [...code.matchAll(/^import\s([^;"]+)\sfrom "(node:[^"]+)";/gm)];
  const names = (module) =>
    imports
      .filter(([, , from]) => from === module)
      .flatMap(([, clause]) => (/\{([^}]*)\}/.exec(clause)?.[1] ?? "").split(","))
      .map((one) => one.trim().split(/\s/)[0])
      .filter((name) => name !== "");
  return {
    name: "node",
    setup(build) {
      build.onResolve({ filter: /^node:/ }, ({ path: module, kind, namespace }) => {
        const isPlain = kind === "import-statement" && namespace === "chunk" && !HEAVY.has(module);
        return isPlain ? { path: module, namespace: "node" } : { path: module, external: true };
      });
      build.onLoad({ filter: /./, namespace: "node" }, ({ path: module }) => ({
        contents: `const all = require("${module}");
          export default all;
          export const { ${[...new Set(names(module))].join(", ")} } = all;`,
      }));
    },
  };
}

function packPlugin(inside, chunks, packOf) {
  return {
    name: "pack",
    setup(build) {
      build.onResolve({ filter: /^\.\// }, ({ path: asked, kind }) => {
        const name = asked.slice(2);
        const isOuter = kind === "dynamic-import" || !inside.has(name);
        return isOuter ? { path: `./${packOf(name)}/${name}`, external: true } : { path: name, namespace: "chunk" };
      });
      build.onLoad({ filter: /./, namespace: "chunk" }, (args) => ({ contents: chunks.get(args.path), loader: "js" }));
    },
  };
}

async function asCommonJs(esbuild, code) {
  const supported = { "dynamic-import": false };
  return (await esbuild.transform(code, { ...TARGET, format: "cjs", minify: true, supported })).code;
}

/** Modules as functions of their own: of many seldom used ones V8 then looks at no more than is called. */
function separatePack(members, lazyCode, packOf) {
  const functions = members.map((name) => {
    const code = lazyCode
      .get(name)
      .replace(/require\("\.\/([^"]+)"\)/g, (_, other) => `require("./${packOf(other)}/${other}")`);
    return `exports[${JSON.stringify(name)}]=function(module,exports){${code}};`;
  });
  return functions.join("\n");
}

/** The launcher, and the packs under names that tell what is in them: a cache of other code is never taken for theirs. */
function writePacks(outdir, packs, asked = { writes: [], reads: [] }) {
  mkdirSync(outdir, { recursive: true });
  const files = {};
  for (const [name, code] of Object.entries(packs)) {
    // esbuild leaves regular expressions as they are.
    const ascii = code.replace(
      /[^\0-\x7f]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
    files[name] = `${name}-${createHash("sha256").update(ascii).digest("hex").slice(0, 8)}.js`;
    writeFileSync(path.join(outdir, files[name]), ascii);
  }
  const launcher = readFileSync(path.join(here, "launcher.cjs"), "utf8");
  const filled = launcher
    .replace("const FILES = {};", `const FILES = ${JSON.stringify(files)};`)
    .replace("const ASKED = { writes: [], reads: [] };", `const ASKED = ${JSON.stringify(asked)};`);
  writeFileSync(path.join(outdir, "ayo.cjs"), filled, { mode: 0o755 });
  writeFileSync(path.join(outdir, "package.json"), '{ "type": "commonjs" }\n');
}
