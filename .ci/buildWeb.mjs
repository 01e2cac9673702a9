// Builds dist/web: the board's modules and styles, what lies beside them, and last the service worker, which knows them all.
import { createHash } from "node:crypto";
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

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

/** The web app in `outdir`; answers with what esbuild says of it. */
export async function buildWeb(esbuild, root, outdir) {
  const web = path.join(root, "src/web");
  const bundle = await esbuild.build({
    ...common(root),
    entryPoints: [
      "src/web/main.tsx",
      "src/web/main.css",
      "src/web/docs.css",
      "src/web/graph/layoutWorker.ts",
      "src/web/writing/highlightWorker.ts",
    ],
    entryNames: "[name]",
    chunkNames: "[name]-[hash]",
    outdir,
    splitting: true,
    format: "esm",
    define: { "process.env.NODE_ENV": '"production"' },
    charset: "utf8",
    metafile: true,
  });
  for (const name of BESIDE) copyFileSync(path.join(web, name), path.join(outdir, path.basename(name)));
  await buildWorker(esbuild, root, outdir);
  return bundle.metafile;
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
    target: ["chrome109", "firefox115", "safari16"],
    tsconfig: path.join(root, "src/web/tsconfig.json"),
    legalComments: "none",
    minify: true,
    logLevel: "warning",
  };
}

function hashOf(bytes) {
  return createHash("sha256").update(bytes).digest("base64");
}
