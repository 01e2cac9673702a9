import { onTestFinished } from "vitest";
import type { CliResult } from "../runCli.ts";
import { runHere } from "../runHere.ts";
import { type TempStore, tempStore } from "../tempStore.ts";
import { LINEAR_KEY, type LinearServer, linearServer } from "./server.ts";
import type { Issue, LinearWorld } from "./world.ts";

/** A store that is connected with a loopback Linear. */
export interface TrackedStore {
  readonly store: TempStore;
  readonly linear: LinearServer;
  readonly world: LinearWorld;
  /** Runs a command with the key in its environment. */
  readonly run: (...args: string[]) => Promise<CliResult>;
  /** The answer of one that must succeed. */
  readonly ayo: (...args: string[]) => Promise<string>;
  /** `ayo sync linear`, which must succeed. */
  readonly sync: (...args: string[]) => Promise<string>;
  /** The issue of a ticket. */
  readonly issueOf: (id: string) => Issue;
  /** The id of the ticket of an issue. */
  readonly ticketOf: (issue: { readonly id: string }) => string;
  /** Two syncs more: they write nothing there, and make no commit. */
  readonly quiet: () => Promise<void>;
}

/** Makes one, as `ayo tracker add linear --team ENG --push all --yes` does, and says yes to sending. */
export async function trackedStore(push: "all" | "linked" = "all"): Promise<TrackedStore> {
  const [store, linear] = await Promise.all([tempStore(), linearServer()]);
  onTestFinished(linear.close);
  const tracked = trackedBy(store, linear);
  await tracked.ayo("tracker", "add", "linear", "--team", "ENG", "--url", linear.url, "--push", push, "--yes");
  return tracked;
}

/** The same for a store that is connected already, or will be. */
export function trackedBy(store: TempStore, linear: LinearServer): TrackedStore {
  const { world } = linear;
  const run = (...args: string[]): Promise<CliResult> =>
    runHere(store.dir, args, { env: { LINEAR_API_KEY: LINEAR_KEY } });
  const ayo = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await run(...args);
    if (code !== 0) throw new Error(`ayo ${args.join(" ")}: exit ${code}\n${stderr}${stdout}`);
    return stdout.trimEnd();
  };
  const sync = (...args: string[]): Promise<string> => ayo("sync", "linear", "--yes", ...args);
  const refOf = (id: string): string => /^external-ref: linear:(\S+)$/m.exec(store.text(id))?.[1] ?? "";
  return {
    store,
    linear,
    world,
    run,
    ayo,
    sync,
    issueOf: (id) => world.issue(refOf(id)),
    ticketOf: ({ id }) => {
      const file = store.files().find((name) => refOf(name.replace(/\.md$/, "")) === id);
      if (file === undefined) throw new Error(`no ticket for ${id}`);
      return file.replace(/\.md$/, "");
    },
    quiet: async () => {
      await sync();
      linear.seen.length = 0;
      const before = store.subjects();
      const said = await sync();
      const writes = linear.seen.filter(({ isWrite }) => isWrite).map(({ operation }) => operation);
      if (writes.length > 0 || said !== "Nothing new at linear (ENG)") throw new Error(`not quiet: ${writes} ${said}`);
      if (store.subjects().length !== before.length) throw new Error(`a commit: ${store.subjects()[0]}`);
      if (linear.offences.length > 0) throw new Error(linear.offences.join("\n"));
      store.judge();
    },
  };
}
