import { existsSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import path from "node:path";
import * as v from "valibot";
import { AyoError } from "../../error.ts";
import { makeFolders, writeOwned } from "../../folderOwner.ts";
import { knownHarness } from "../../store/open/harness.ts";
import { projectDir } from "../../store/open/identity.ts";
import { action, flag } from "../input/action.ts";
import { HARNESSES, type Harness, piecesFor } from "./pieces.ts";
import { type PlannedFile, planFiles } from "./planFiles.ts";

/** What `agents init` answers. */
export interface AgentsInit {
  readonly harness: Harness;
  /** The project's top. */
  readonly root: string;
  readonly files: readonly Omit<PlannedFile, "text">[];
  readonly dryRun?: true;
}

/** `ayo agents init`: files by which agents of a harness learn of the tickets. */
export const agentsInit = action({
  name: "agents init",
  summary: "Write the files by which a harness's agents learn to work with tickets",
  writes: true,
  input: v.object({
    harness: v.optional(v.pipe(v.picklist(HARNESSES), v.description("whose: claude, codex, or generic for others"))),
    uninstall: flag("take away exactly what this wrote"),
    yes: flag("do not ask"),
    dryRun: flag("show what would be written, change nothing"),
  }),
  run: async (store, input): Promise<AgentsInit> => {
    const root = projectDir(store.host);
    const harness = input.harness ?? guess(root, knownHarness(store.host.env)?.name);
    const planned = planFiles(root, piecesFor(harness, { root, storeDir: store.dir }), input.uninstall === true);
    const files = planned.map(({ text: _, ...rest }) => rest);
    if (input.dryRun) return { harness, root, files, dryRun: true };
    const changed = planned.filter(({ action }) => action !== "kept" && action !== "unchanged");
    if (changed.length > 0 && !input.yes) {
      const fact = `${changed.length} files in ${root} would be changed: add --yes`;
      throw new AyoError("needs_confirmation", fact, { data: { harness, root, files } });
    }
    for (const file of changed) apply(root, file);
    return { harness, root, files };
  },
});

/** The harness that this runs in, or the one whose files the project has. */
function guess(root: string, running: string | undefined): Harness {
  if (running === "claude" || running === "codex") return running;
  const traces: readonly (readonly [string, Harness])[] = [
    [".claude", "claude"],
    ["CLAUDE.md", "claude"],
    [".codex", "codex"],
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
