import { accessSync, constants, lstatSync, statSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../error.ts";
import type { AgentEntry } from "../open/agents/agentTypes.ts";
import type { Store } from "../open/store.ts";

type Place = Pick<Store, "dir" | "host">;

/** The program that a word of agents.yml starts: in the project where it is a path, else on the PATH. Undefined where there is none. */
export function findProgram({ dir, host }: Place, word: string): string | undefined {
  const isPath = word.includes("/") || word.includes(path.sep);
  const candidates = isPath
    ? [path.resolve(path.dirname(dir), word)]
    : (host.env.PATH ?? "").split(path.delimiter).map((folder) => path.join(folder, word));
  return candidates.find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return statSync(file).isFile();
    } catch {
      // Not this one.
      return false;
    }
  });
}

/** Why the program of an agent cannot be started here, as a sentence without a subject. */
export function whyNoProgram(place: Place, { wrap, command }: AgentEntry): string | undefined {
  const missing = [wrap[0], command[0]].find((word) => word !== undefined && findProgram(place, word) === undefined);
  if (missing === undefined) return undefined;
  return missing.includes("/") ? `${missing} is no program of the project` : `${missing} is not on the PATH`;
}

/** Where in the project a word of a command would be a file, from the project; undefined for what names none there. */
export function placeInProject({ dir }: Pick<Store, "dir">, word: string): string | undefined {
  if (!word.includes("/") || word.startsWith("-")) return undefined;
  const project = path.dirname(dir);
  const file = path.relative(project, path.resolve(project, word));
  return file === "" || file.startsWith("..") || path.isAbsolute(file) ? undefined : file;
}

/**
 * Words of a command with those absolute that are files of the project: an agent works in `folder`, which has files of
 * the same names, and could have made others of them.
 * @throws bad_config for a word that is a file there alone: nobody has seen what it holds
 */
export function wordsOf(place: Pick<Store, "dir">, words: readonly string[], folder: string): readonly string[] {
  const project = path.dirname(place.dir);
  return words.map((word) => {
    const file = placeInProject(place, word);
    if (file === undefined || path.isAbsolute(word)) return word;
    if (statSync(path.join(project, file), { throwIfNoEntry: false })?.isFile() === true)
      return path.join(project, file);
    if (lstatSync(path.join(folder, file), { throwIfNoEntry: false }) === undefined) return word;
    throw new AyoError(
      "bad_config",
      `${word} is a file of the worktree, but none of the project: nobody allowed what it does`,
    );
  });
}
