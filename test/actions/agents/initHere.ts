import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { agentsInit } from "../../../src/actions/agents/agentsInit.ts";
import { invoke } from "../../../src/actions/input/action.ts";
import { locateStore } from "../../../src/store/open/locate/locate.ts";
import { storeAt } from "../../../src/store/open/store.ts";
import { testHost } from "../../helpers/tempStore.ts";

/** Runs `agents init` where `cwd` is, whether or not there is a store. */
export function init(cwd: string, input: Parameters<typeof agentsInit.run>[1], env: Record<string, string> = {}) {
  const base = testHost(cwd);
  const host = { ...base, env: { ...base.env, ...env } };
  return invoke(agentsInit, storeAt(locateStore({}, host), host), { yes: true, ...input });
}

/** Every file below a directory with its text; of git's only what a person may write, and none of the store's. */
export function snapshot(dir: string): Record<string, string> {
  const names = readdirSync(dir, { recursive: true, encoding: "utf8" });
  const files = names.filter(
    (name) => !/^\.(git(?!\/info\/exclude$)|tickets)(\/|$)/.test(name) && statSync(path.join(dir, name)).isFile(),
  );
  return Object.fromEntries(files.sort().map((name) => [name, readFileSync(path.join(dir, name), "utf8")]));
}

/** What became of each file. */
export const actions = ({ files }: Awaited<ReturnType<typeof init>>) =>
  Object.fromEntries(files.map((file) => [file.path, file.action]));
