import { existsSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import path from "node:path";
import * as v from "valibot";
import { AyoError } from "../../error.ts";
import { makeFolders, writeOwned } from "../../folderOwner.ts";
import { readGitMode } from "../../store/open/config/config.ts";
import { knownHarness } from "../../store/open/identity/harness.ts";
import { mainDir, projectDir } from "../../store/open/identity/identity.ts";
import type { Store } from "../../store/open/store.ts";
import { counted } from "../../ticket/counted.ts";
import { action, flag } from "../input/action.ts";
import type { Situation } from "./piece.ts";
import { HARNESSES, type Harness, notesFor, piecesFor } from "./pieces.ts";
import { type PlannedFile, planFiles } from "./planFiles.ts";

/** What `agents init` answers. */
export interface AgentsInit {
  readonly harness: Harness;
  /** The project's top. */
  readonly root: string;
  readonly files: readonly Omit<PlannedFile, "text">[];
  /** What a person has to do yet for the files to take effect. */
  readonly notes: readonly string[];
  readonly dryRun?: true;
}

/** `ayo agents init`: files by which agents of a harness learn of the tickets. */
export const agentsInit = action({
  name: "agents init",
  summary: "Write the files by which a harness's agents learn to work with tickets",
  writes: true,
  input: v.object({
    harness: v.optional(
      v.pipe(v.picklist(HARNESSES), v.description("whose: claude, codex, gemini, or generic for others")),
    ),
    uninstall: flag("take away exactly what this wrote"),
    yes: flag("do not ask"),
    dryRun: flag("show what would be written, change nothing"),
  }),
  run: async (store, input): Promise<AgentsInit> => {
    const root = projectDir(store.host);
    const harness = input.harness ?? guess(root, knownHarness(store.host.env)?.name);
    const isRemoval = input.uninstall === true;
    const planned = planFiles(root, piecesFor(harness, situationOf(store, root)), isRemoval);
    const files = planned.map(({ text: _, ...rest }) => rest);
    const answer = { harness, root, files, notes: isRemoval ? [] : notesFor(harness) };
    if (input.dryRun) return { ...answer, dryRun: true };
    const changed = planned.filter(({ action }) => action !== "kept" && action !== "unchanged");
    if (changed.length > 0 && !input.yes) {
      const fact = `${counted(changed.length, "file")} in ${root} would be changed: add --yes`;
      throw new AyoError("needs_confirmation", fact, { data: answer });
    }
    for (const file of changed) apply(root, file);
    return answer;
  },
});

/** Where the pieces go. Worktrees have a store of their own where it is in the project's branch. */
function situationOf(store: Store, root: string): Situation {
  const isInline = store.journal?.mode === "inline" || readGitMode(store.dir) === "inline";
  return { root, storeDir: store.dir, main: isInline ? undefined : mainDir(store.host) };
}

/** The harness that this runs in, or the one whose files the project has. */
function guess(root: string, running: string | undefined): Harness {
  const known = HARNESSES.find((one) => one === running);
  if (known !== undefined) return known;
  const traces: readonly (readonly [string, Harness])[] = [
    [".claude", "claude"],
    ["CLAUDE.md", "claude"],
    [".codex", "codex"],
    [".gemini", "gemini"],
    ["GEMINI.md", "gemini"],
  ];
  return traces.find(([name]) => existsSync(path.join(root, name)))?.[1] ?? "generic";
}

function apply(root: string, { path: file, text }: PlannedFile): void {
  const full = path.join(root, file);
  try {
    if (text !== null) {
      makeFolders(path.dirname(full));
      writeOwned(full, text, { follow: true });
      return;
    }
    rmSync(full);
    // The folders that it stood in, as far as nothing else is in them.
    for (let folder = path.dirname(full); folder !== root && readdirSync(folder).length === 0; ) {
      rmdirSync(folder);
      folder = path.dirname(folder);
    }
  } catch (cause) {
    throw new AyoError("bad_input", `cannot write ${full}: ${(cause as Error).message}`, { cause });
  }
}
