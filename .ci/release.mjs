// Releases a version, or shows what a release would do.
// Usage: npm run release -- <patch|minor|major|version> [--publish]
// Everything is made in a clone of its own: without --publish nothing is published, tagged or pushed, and with it this
// checkout gets the commit and the tag only once the package is published.
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { missingAddresses } from "./release/addresses.mjs";
import { releaseChangelog } from "./release/changelog.mjs";
import { nextVersion } from "./release/version.mjs";

const root = path.dirname(import.meta.dirname);
const USAGE = "usage: npm run release -- <patch|minor|major|version> [--publish]";
/** What a release changes. */
const CHANGED = ["package.json", "package-lock.json", "CHANGELOG.md"];

/** Runs a program and returns what it prints; throws what it complains of. */
function run(cwd, program, ...args) {
  const done = spawnSync(program, args, { cwd, encoding: "utf8", maxBuffer: 1 << 26 });
  if (done.error !== undefined) throw done.error;
  if (done.status === 0) return done.stdout.trim();
  throw new Error(
    `${program} ${args.join(" ")} failed (exit ${done.status}):\n${`${done.stderr}${done.stdout}`.trim()}`,
  );
}

const git = (...args) => run(root, "git", ...args);
const succeeds = (program, ...args) => spawnSync(program, args, { cwd: root }).status === 0;
const read = (name) => readFileSync(path.join(root, name), "utf8");

/** What the release is to be, and why it cannot be made. */
function plan(wanted, publish) {
  const manifest = JSON.parse(read("package.json"));
  const refusals = [];
  /** A step that says why it cannot be; what it returns otherwise. */
  const attempt = (step) => {
    try {
      return step();
    } catch (error) {
      refusals.push(error.message);
      return undefined;
    }
  };
  const branch = git("rev-parse", "--abbrev-ref", "HEAD");
  if (branch !== "main") refusals.push(`a release is made on main, this is ${branch}: git switch main`);
  const edited = git("status", "--porcelain");
  if (edited !== "") refusals.push(`not everything is committed:\n${edited.replaceAll(/^/gm, "    ")}`);
  for (const name of ["user.name", "user.email"]) {
    if (!succeeds("git", "config", name)) refusals.push(`git knows no ${name}: git config ${name} <yours>`);
  }
  if (!existsSync(path.join(root, "node_modules/publint")))
    refusals.push("the development packages are missing: npm install");
  const version = attempt(() => nextVersion(manifest.version, wanted));
  const hasTag = version !== undefined && succeeds("git", "rev-parse", "--quiet", "--verify", `refs/tags/v${version}`);
  if (hasTag) refusals.push(`the tag v${version} exists: ${version} was released`);
  const day = new Date().toISOString().slice(0, 10);
  const changelog = attempt(() => releaseChangelog(read("CHANGELOG.md"), version ?? "?", day));
  const missing = missingAddresses(manifest, read("SECURITY.md"));
  if (publish) {
    refusals.push(...missing.map((address) => `only the owner can say, and it is missing: ${address}`));
    if (refusals.length === 0) attempt(assertUpToDate);
  }
  return { manifest, version, changelog, missing, refusals, head: git("rev-parse", "HEAD") };
}

/** After publishing, a push must not fail for what others pushed meanwhile. */
function assertUpToDate() {
  git("fetch", "--quiet", "origin", "main");
  if (succeeds("git", "merge-base", "--is-ancestor", "FETCH_HEAD", "HEAD")) return;
  throw new Error("origin has commits that are not here: git pull --rebase");
}

/** Commits, tags, builds and packs the release in `clone`, and returns the tarball's path and what is in it. */
async function make(clone, { version, changelog }) {
  run(root, "git", "clone", "--quiet", "--branch", "main", root, clone);
  symlinkSync(realpathSync(path.join(root, "node_modules")), path.join(clone, "node_modules"));
  run(clone, "npm", "version", "--no-git-tag-version", "--allow-same-version", version);
  writeFileSync(path.join(clone, "CHANGELOG.md"), changelog.text);
  for (const name of ["user.name", "user.email"]) run(clone, "git", "config", name, git("config", name));
  run(clone, "git", "commit", "--quiet", "--message", `release ${version}`, "--", ...CHANGED);
  run(
    clone,
    "git",
    "tag",
    "--annotate",
    "--message",
    `${version}\n\n${changelog.notes}`,
    "--cleanup=verbatim",
    `v${version}`,
  );
  run(clone, process.execPath, ".ci/build.mjs");
  run(clone, "npm", "pack", "--silent", "--ignore-scripts");
  const [name = ""] = readdirSync(clone).filter((file) => file.endsWith(".tgz"));
  const tarball = path.join(clone, name);
  // Loads a TypeScript, which a refusal need not wait for.
  const { checkPackage } = await import("./checkPackage.mjs");
  return { tarball, ...(await checkPackage(tarball, clone)) };
}

/** Publishes first: that is what can be refused. Then the commit and the tag come here, and go to origin. */
function publish(clone, { version, head }, { tarball }) {
  if (git("rev-parse", "HEAD") !== head || git("status", "--porcelain") !== "") {
    throw new Error("this checkout was changed meanwhile; nothing was published");
  }
  console.log(run(clone, "npm", "publish", "--ignore-scripts", tarball));
  git("fetch", "--quiet", clone, `refs/tags/v${version}:refs/tags/v${version}`);
  git("merge", "--quiet", "--ff-only", `v${version}`);
  const push = ["push", "--quiet", "--atomic", "origin", "main", `v${version}`];
  if (!succeeds("git", ...push))
    throw new Error(`${version} is published and tagged here; left to do: git ${push.join(" ")}`);
  console.log(`published, tagged and pushed ${version}`);
}

function tell({ manifest, version, missing, changelog }, { tarball, files }) {
  const registry = manifest.publishConfig?.registry ?? "the registry of your npm settings";
  console.log(`checked   ${path.basename(tarball)}: ${files.length} files, nothing wrong`);
  console.log(`changelog ${changelog.notes.match(/^- /gm).length} entries become '## ${version}'`);
  console.log(`commit    release ${version} (${CHANGED.join(", ")})`);
  console.log(`tag       v${version}`);
  console.log(`publish   ${manifest.name}@${version} to ${registry}`);
  console.log("push      main and the tag to origin");
  for (const address of missing) console.log(`missing   ${address}`);
}

async function release() {
  const { values, positionals } = parseArgs({ options: { publish: { type: "boolean" } }, allowPositionals: true });
  if (positionals.length !== 1) throw new Error(USAGE);
  const planned = plan(positionals[0], values.publish === true);
  if (planned.refusals.length > 0) throw new Error(planned.refusals.join("\nerror: "));
  const scratch = mkdtempSync(path.join(realpathSync(os.tmpdir()), "ayo-release-"));
  try {
    const clone = path.join(scratch, "release");
    const made = await make(clone, planned);
    if (made.problems.length > 0) throw new Error(made.problems.join("\nerror: "));
    tell(planned, made);
    if (values.publish) publish(clone, planned, made);
    else console.log("\nThis was a dry run: nothing was published, tagged or pushed. --publish does it.");
    if (!values.publish && planned.missing.length > 0) console.log("It is refused while addresses are missing.");
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

try {
  await release();
} catch (error) {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
}
