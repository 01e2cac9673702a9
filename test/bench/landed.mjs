// What it costs to know whether work has landed: a project of many commits, tickets that have landed and some that wait.
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { build } from "esbuild";
import { median, run } from "./measure.mjs";

const SRC = path.resolve(import.meta.dirname, "../../src");

/** The look itself, which `ayo watch`, `work` and `sync` make; no library has it. */
async function loadLook(folder) {
  mkdirSync(folder, { recursive: true });
  const entry = path.join(folder, "entry.mjs");
  const from = (file) => JSON.stringify(path.join(SRC, file));
  writeFileSync(
    entry,
    [
      `export { seeLanded } from ${from("store/codeCommits/landed/seeLanded.ts")};`,
      `export { openStore } from ${from("store/open/store.ts")};`,
      `export { currentHost } from ${from("host.ts")};`,
    ].join("\n"),
  );
  const outfile = path.join(folder, "look.mjs");
  const banner = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" };
  await build({
    entryPoints: [entry],
    bundle: true,
    platform: "node",
    format: "esm",
    outfile,
    banner,
    logLevel: "error",
  });
  return import(outfile);
}

/** Milliseconds of CPU time of a look: the first one, later ones with nothing new, and those with a new commit. */
export async function measureLanded({ dir, options, ids }, runs) {
  const { cwd, env } = options;
  appendFileSync(path.join(dir, "config.yml"), "ready: {deps: landed}\n");
  const { seeLanded, openStore, currentHost } = await loadLook(path.join(cwd, "..", "look"));
  const cost = async (store) => {
    const before = process.cpuUsage();
    await seeLanded(store);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
  const open = () => openStore({ dir }, currentHost({ cwd, env }));
  const store = open();
  const first = await cost(store);
  await cost(store);
  const [later, added] = [[], []];
  for (let at = 0; at < runs; at++) later.push(await cost(open()));
  for (let at = 0; at < 5; at++) {
    run("git", ["commit", "--quiet", "--allow-empty", `--message=${at} TICKET: ${ids[0]}`], { cwd, env });
    added.push(await cost(store));
  }
  return { first, later: median(later), added: median(added) };
}
