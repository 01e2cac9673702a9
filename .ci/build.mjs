// Builds dist/: the command line and the library as packs of CommonJS modules (buildCli.mjs), and the library's types.
// Usage: node .ci/build.mjs [--if-needed] [--no-types]
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { atBuild, programsInTexts } from "./atBuild.mjs";
import { buildCli } from "./buildCli.mjs";
import { buildWeb } from "./buildWeb.mjs";
import { slimPackages } from "./slimPackages.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);

/** Options of the bundle of the command line and the library. */
const common = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  target: "node20.19",
  format: "esm",
  // A build is the same where node_modules is a link.
  preserveSymlinks: true,
  charset: "ascii",
  legalComments: "none",
  define: { "process.env.NODE_ENV": '"production"' },
  plugins: [slimPackages, atBuild],
  alias: {
    // Its CommonJS build, which Node would take, cannot be tree-shaken.
    "isomorphic-git": path.join(root, "node_modules/isomorphic-git/index.js"),
    // proper-lockfile needs no patched fs; the patching costs milliseconds.
    "graceful-fs": "node:fs",
  },
  metafile: true,
  write: false,
  logLevel: "warning",
};

/** The packages whose types our declarations mention, and where those are. */
const PACKAGE_TYPES = { valibot: "valibot/dist/index.d.mts" };

/** Declarations of what src/index.ts reaches, and copies of those that they mention. */
function buildTypes(outdir) {
  const tsc = path.join(path.dirname(require.resolve("typescript/package.json")), "bin/tsc");
  const project = path.join(root, ".ci/types.json");
  execFileSync(process.execPath, [tsc, "-p", project, "--outDir", outdir], { stdio: "inherit" });
  for (const name of readdirSync(outdir, { recursive: true }).filter((file) => file.endsWith(".d.ts"))) {
    const file = path.join(outdir, name);
    const text = readFileSync(file, "utf8")
      .replace(/(["']\.{1,2}\/[^"']+)\.ts(["'])/g, "$1.js$2")
      .replace(/(from |import\()["'](valibot)["']/g, (_, before, name) => {
        const there = path.relative(path.dirname(file), path.join(outdir, `${name}.js`)).replaceAll("\\", "/");
        return `${before}"${there.startsWith(".") ? there : `./${there}`}"`;
      });
    writeFileSync(file, text);
  }
  for (const [name, types] of Object.entries(PACKAGE_TYPES)) {
    copyFileSync(path.join(root, "node_modules", types), path.join(outdir, `${name}.d.ts`));
  }
}

/** The licences of everything that was bundled, as they ask for. */
function collectLicences(metafiles) {
  const inputs = metafiles.flatMap((metafile) => Object.keys(metafile.inputs));
  const folders = new Set(inputs.map((input) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0]));
  folders.delete(undefined);
  return [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(path.join(root, folder, "package.json"), "utf8"));
    const file = readdirSync(path.join(root, folder)).find((file) => /^licen[cs]e(?:[-.]|$)/i.test(file));
    const text = file === undefined ? noText(folder) : readFileSync(path.join(root, folder, file), "utf8").trim();
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
}

/** For packages that name a licence and have no text of it. */
function noText(folder) {
  const { author, license, repository } = JSON.parse(readFileSync(path.join(root, folder, "package.json"), "utf8"));
  const owner = author?.name ?? author ?? "its authors";
  const place = repository?.url ?? repository ?? "its page in the npm registry";
  return `Copyright (c) ${owner}. The package has no text of its licence, ${license}: https://spdx.org/licenses/${license}.html\nSource: ${place}`;
}

/** What the build depends on, so that `--if-needed` can tell whether dist/ is up to date. */
function inputsStamp() {
  const hash = createHash("sha256").update(process.version);
  const sources = ["src", ".ci"].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name)),
  );
  const settings = ["package.json", "package-lock.json", "tsconfig.json"].map((name) => path.join(root, name));
  for (const file of [...sources.sort(), ...settings])
    hash.update(`${path.relative(root, file)}\0`).update(readFileSync(file));
  return hash.digest("hex");
}

function isUpToDate(stamp, types) {
  try {
    const [builtFrom, builtTypes] = readFileSync(path.join(root, "dist/.stamp"), "utf8").split(" ");
    return builtFrom === stamp && (!types || builtTypes === "types");
  } catch {
    return false;
  }
}

/** Puts the new dist/ in place of the old one; tries again if another build did so at the same moment. */
function replaceDist(fresh) {
  const dist = path.join(root, "dist");
  const old = `${fresh}-old`;
  for (let attempt = 0; ; attempt++) {
    try {
      if (existsSync(dist)) renameSync(dist, old);
      renameSync(fresh, dist);
      return;
    } catch (error) {
      if (attempt === 5) throw error;
    } finally {
      rmSync(old, { recursive: true, force: true });
    }
  }
}

/** Lets `npx ayo` and npm scripts find this checkout's own command even where npx has cached a link made too early. */
function linkCommand() {
  // A linked node_modules is another checkout's (.ci/release.mjs).
  if (process.platform === "win32" || lstatSync(path.join(root, "node_modules")).isSymbolicLink()) return;
  const link = path.join(root, "node_modules/.bin/ayo");
  mkdirSync(path.dirname(link), { recursive: true });
  rmSync(link, { force: true });
  symlinkSync("../../dist/cli/ayo.cjs", link);
}

async function build(stamp, types) {
  const esbuild = await import("esbuild");
  const fresh = path.join(root, `.dist-${process.pid}`);
  try {
    mkdirSync(fresh, { recursive: true });
    const metafiles = [await buildCli(esbuild, common, path.join(fresh, "cli"))];
    if (types) buildTypes(fresh);
    metafiles.push(await buildWeb(esbuild, root, path.join(fresh, "web")));
    const rule = `\n${"-".repeat(100)}\n\n`;
    writeFileSync(
      path.join(fresh, "third-party-licences.txt"),
      collectLicences([...metafiles, ...programsInTexts]).join(rule),
    );
    writeFileSync(path.join(fresh, ".stamp"), types ? `${stamp} types` : stamp);
    replaceDist(fresh);
    linkCommand();
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

const types = !process.argv.includes("--no-types");
const stamp = inputsStamp();
if (!process.argv.includes("--if-needed")) {
  await build(stamp, types);
} else if (!existsSync(path.join(root, "node_modules/esbuild"))) {
  console.error("ayo: not built, since the development dependencies are not installed");
} else if (!isUpToDate(stamp, types)) {
  await build(stamp, types);
}
