import { existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import * as v from "valibot";
import { AyoError } from "../error.ts";
import { underLastConfig } from "../store/disk/configFile.ts";
import { readStore } from "../store/disk/view.ts";
import { createJournal, hideFromProject } from "../store/open/createJournal.ts";
import { useDriver } from "../store/open/mergeDriver.ts";
import { shownTickets } from "../store/open/shownTickets.ts";
import type { Store } from "../store/open/store.ts";
import { action, change, flag, optionalText, writeOptions } from "./input/action.ts";

/** What `init` made or found. */
export interface Initialised {
  readonly dir: string;
  readonly mode: "own" | "inline";
  /** Whether the store was made by this call. */
  readonly made: boolean;
  readonly tickets: number;
  /** The remote whose tickets this clone had: they are this store's now. */
  readonly joined: string | null;
  /** Other tools' tickets nearby that `ayo import` can read. */
  readonly importable: readonly string[];
  readonly notices: readonly string[];
}

/** `ayo init`: safe to repeat, never destructive. */
export const init = action({
  name: "init",
  summary: "Make a store here, or say which one is there",
  writes: true,
  input: v.object({
    inline: flag("commit tickets into the project's current branch"),
    prefix: optionalText("what new ids begin with"),
    as: writeOptions.as,
    dryRun: writeOptions.dryRun,
  }),
  run: async (store, input): Promise<Initialised> => {
    if (input.prefix !== undefined && !/^[a-z0-9][a-z0-9._]{0,31}$/.test(input.prefix)) {
      throw new AyoError("bad_input", `prefix '${input.prefix}' is not lower-case letters and digits`);
    }
    const made = store.journal === undefined;
    const shown = made && !input.inline ? await shownHere(store) : undefined;
    const joined = shown?.remote ?? null;
    if (input.dryRun) return describe(store, input.inline ? "inline" : "own", { made, joined }, []);
    const { inline, prefix } = input;
    if (shown !== undefined) await (await import("../store/sync/joinStore.ts")).joinShown(store, shown);
    store.journal ??= await createJournal(store, {
      ...(inline ? { inline } : {}),
      ...(prefix === undefined ? {} : { prefix }),
    });
    if (!made && store.journal.mode === "own") hideFromProject(store);
    if (!made) await useDriver(store.journal);
    const { mode } = store.journal;
    const finish = async (): Promise<Initialised> => {
      // An empty change commits what is there: the new config.yml, or the tickets of an adopted directory.
      const { written } = await change(store, { as: input.as }, () => ({ result: null }));
      return describe(store, mode, { made, joined }, written.notices);
    };
    // A config.yml that was brought and makes no sense here is mended by whoever has made it.
    return joined === null ? finish() : underLastConfig(store, finish);
  },
});

/** Tickets that the clone of the project has brought along, where no store is yet. */
async function shownHere(store: Store) {
  const { isVacant } = await import("../store/sync/joinStore.ts");
  return isVacant(store) ? shownTickets(store) : undefined;
}

async function describe(
  store: Store,
  mode: "own" | "inline",
  { made, joined }: Pick<Initialised, "made" | "joined">,
  notices: readonly string[],
): Promise<Initialised> {
  const tickets = existsSync(store.dir) ? (await readStore(store)).tickets.length : 0;
  return { dir: store.dir, mode, made, tickets, joined, importable: importable(path.dirname(store.dir)), notices };
}

/** Directories and files of other tools beside the store. */
function importable(top: string): string[] {
  const candidates = [".beads/issues.jsonl", ".beads", "backlog", "Backlog", ".beans", ".tbd", ".ank", ".taskmaster"];
  const found = candidates.filter((name) => existsSync(path.join(top, name)) && !isEmptyFolder(path.join(top, name)));
  return found.filter((name) => !found.some((other) => other !== name && other.startsWith(`${name}/`)));
}

function isEmptyFolder(where: string): boolean {
  return statSync(where).isDirectory() && readdirSync(where).length === 0;
}
