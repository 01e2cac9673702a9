// Builds dist/web: the board's modules and styles, what lies beside them, and last the service worker, which knows them all.
import { createHash } from "node:crypto";
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { rolldown } from "rolldown";

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

/** Its modules, by rolldown: they are smaller than esbuild's, and what is always loaded together is one file. */
async function buildScripts(root, outdir) {
  const bundle = await rolldown({
    cwd: root,
    input: {
      main: "src/web/main.tsx",
      layoutWorker: "src/web/graph/layoutWorker.ts",
      highlightWorker: "src/web/writing/highlightWorker.ts",
    },
    platform: "browser",
    tsconfig: path.join(root, "src/web/tsconfig.json"),
    transform: { target: TARGET, define: { "process.env.NODE_ENV": '"production"' } },
    // A build is the same where node_modules is a link.
    resolve: { symlinks: false },
  });
  const { output } = await bundle.write({
    dir: outdir,
    format: "esm",
    minify: true,
    comments: false,
    entryFileNames: "[name].js",
    chunkFileNames: "[name]-[hash].js",
  });
  await bundle.close();
  const files = output.flatMap(({ moduleIds = [] }) => moduleIds.filter((id) => path.isAbsolute(id)));
  return Object.fromEntries(files.map((file) => [path.relative(root, file).replaceAll("\\", "/"), {}]));
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
