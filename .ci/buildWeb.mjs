// Builds dist/web: the board's modules and styles, what lies beside them, and last the service worker, which knows them all.
import { createHash } from "node:crypto";
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { rolldown } from "rolldown";
import { shortWords } from "./shortWords.mjs";

/** What is not bundled. */
const BESIDE = [
  "index.html",
  "icon.svg",
  "manifest.webmanifest",
  "icons/icon-192.png",
  "icons/icon-512.png",
  "icons/icon-maskable.png",
];
const WORKER = "serviceWorker.js";
const TARGET = ["chrome109", "firefox115", "safari16"];

/** The web app in `outdir`; answers with the files that it was made of, as esbuild says it. */
export async function buildWeb(esbuild, root, outdir) {
  const web = path.join(root, "src/web");
  const inputs = await buildScripts(root, outdir);
  const styles = await esbuild.build({
    ...common(root),
    entryPoints: ["src/web/main.css", "src/web/pages.css", "src/web/docs.css"],
    outdir,
    charset: "utf8",
    metafile: true,
  });
  for (const name of BESIDE) copyFileSync(path.join(web, name), path.join(outdir, path.basename(name)));
  await buildWorker(esbuild, root, outdir);
  return { inputs: { ...styles.metafile.inputs, ...inputs } };
}

/** Programs of workers, which share nothing with the page. */
const WORKERS = {
  layoutWorker: "src/web/graph/layoutWorker.ts",
};

/** Views that are opened now and then. */
const PAGES = /[\\/]src[\\/]web[\\/](?:agents|graph|pipelines|projects|search|stats|sync|timeline)[\\/]/;
/** Each language is a file of its own. */
const WORDS = /[\\/]src[\\/]web[\\/]words[\\/]/;

/**
 * Its modules, by rolldown: they are smaller than esbuild's. All that the first view needs is main.js; soon.js has what is
 * fetched once that is drawn, pages.js the other views. Few files are smaller than many: what they say alike is there once.
 */
async function buildScripts(root, outdir) {
  const entry = { main: "src/web/main.tsx" };
  const trial = await bundled(root, entry, (bundle) => bundle.generate({ format: "esm" }));
  const late = trial.filter(({ isDynamicEntry, facadeModuleId }) => isDynamicEntry && !WORDS.test(facadeModuleId));
  const groups = [
    group(
      "main",
      trial,
      trial.filter(({ isEntry }) => isEntry),
    ),
    group(
      "soon",
      trial,
      late.filter(({ facadeModuleId }) => !PAGES.test(facadeModuleId)),
    ),
    group("pages", trial, late),
  ];
  const codeSplitting = { groups: groups.map((one, n) => ({ ...one, priority: groups.length - n })) };
  const page = await bundled(root, entry, (bundle) => bundle.write({ ...output(outdir), codeSplitting }));
  const workers = await Promise.all(
    Object.entries(WORKERS).map(([name, file]) =>
      bundled(root, { [name]: file }, (bundle) => bundle.write(output(outdir))),
    ),
  );
  const files = [...page, ...workers.flat()].flatMap(({ moduleIds = [] }) =>
    moduleIds.filter((id) => path.isAbsolute(id)),
  );
  return Object.fromEntries(files.map((file) => [path.relative(root, file).replaceAll("\\", "/"), {}]));
}

async function bundled(root, input, make) {
  const bundle = await rolldown({
    cwd: root,
    input,
    platform: "browser",
    plugins: [shortWords(root)],
    tsconfig: path.join(root, "src/web/tsconfig.json"),
    transform: { target: TARGET, define: { "process.env.NODE_ENV": '"production"' } },
    // A build is the same where node_modules is a link.
    resolve: { symlinks: false },
    // On a machine that has much to do it complains of how long words take.
    checks: { pluginTimings: false },
  });
  try {
    const { output } = await make(bundle);
    return output;
  } finally {
    await bundle.close();
  }
}

function output(dir) {
  return {
    dir,
    format: "esm",
    minify: true,
    comments: false,
    entryFileNames: "[name].js",
    // What a server takes for names that never mean anything else: src/server/files.ts.
    chunkFileNames: "[name]-[hash].js",
    hashCharacters: "hex",
  };
}

/** The modules of some chunks and of all that they import before they run, as one file. */
function group(name, chunks, entries) {
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  const seen = new Set();
  const visit = (name) => {
    const chunk = byName.get(name);
    if (chunk === undefined || seen.has(name)) return;
    seen.add(name);
    chunk.imports.forEach(visit);
  };
  for (const { fileName } of entries) visit(fileName);
  const modules = new Set([...seen].flatMap((name) => byName.get(name).moduleIds));
  return { name, test: (id) => modules.has(id) };
}

/** The service worker for the files that lie in `outdir`: other files make another worker, which browsers notice. */
export async function buildWorker(esbuild, root, outdir) {
  const names = readdirSync(outdir).filter((name) => name !== WORKER && name !== "docs.css");
  const files = Object.fromEntries(names.sort().map((name) => [name, hashOf(readFileSync(path.join(outdir, name)))]));
  const build = { name: hashOf(JSON.stringify(files)).slice(0, 12), files };
  const { outputFiles } = await esbuild.build({
    ...common(root),
    entryPoints: ["src/web/worker/serviceWorker.ts"],
    format: "iife",
    define: { BUILD: JSON.stringify(build) },
    write: false,
  });
  writeFileSync(path.join(outdir, WORKER), outputFiles[0].contents);
}

function common(root) {
  return {
    absWorkingDir: root,
    bundle: true,
    platform: "browser",
    preserveSymlinks: true,
    target: TARGET,
    tsconfig: path.join(root, "src/web/tsconfig.json"),
    legalComments: "none",
    minify: true,
    logLevel: "warning",
  };
}

function hashOf(bytes) {
  return createHash("sha256").update(bytes).digest("base64");
}
