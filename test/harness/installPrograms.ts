import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { CACHE, commandOf, folderOf, PROGRAMS, type Program } from "./programs.ts";

/** Vitest's global set-up of the contract: has the programs, from the cache or from the npm registry. @throws without */
export default function installPrograms(): void {
  mkdirSync(CACHE, { recursive: true });
  for (const program of Object.keys(PROGRAMS) as Program[]) if (!existsSync(commandOf(program))) install(program);
}

function install(program: Program): void {
  const { name, version } = PROGRAMS[program];
  // Whoever is stopped on the way leaves nothing that looks like a whole program.
  const folder = mkdtempSync(path.join(CACHE, "installing-"));
  // A plain install would take an older version that fits this Node: this one is its own program.
  const args = ["install", "--prefix", folder, "--no-audit", "--no-fund", "--no-save", `${name}@${version}`];
  const { status, stderr } = spawnSync("npm", args, { encoding: "utf8", timeout: 600_000 });
  if (status !== 0) {
    rmSync(folder, { recursive: true, force: true });
    throw new Error(`AYO_HARNESS=1: npm cannot install ${name}@${version}:\n${stderr}`);
  }
  rmSync(folderOf(program), { recursive: true, force: true });
  renameSync(folder, folderOf(program));
}
