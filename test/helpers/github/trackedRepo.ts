import { onTestFinished } from "vitest";
import type { CliResult } from "../runCli.ts";
import { runHere } from "../runHere.ts";
import { type TempStore, tempStore } from "../tempStore.ts";
import { GITHUB_KEY, type GitHubServer, githubServer } from "./server.ts";
import type { GitHubWorld, Issue } from "./world.ts";

/** A store that is connected with a repository of a loopback GitHub. */
export interface TrackedRepo {
  readonly store: TempStore;
  readonly github: GitHubServer;
  readonly world: GitHubWorld;
  /** Runs a command with the key in its environment. */
  readonly run: (...args: string[]) => Promise<CliResult>;
  /** The answer of one that must succeed. */
  readonly ayo: (...args: string[]) => Promise<string>;
  /** `ayo sync github`, which must succeed. */
  readonly sync: (...args: string[]) => Promise<string>;
  /** The issue of a ticket, and the ticket of an issue. */
  readonly issueOf: (id: string) => Issue;
  readonly ticketOf: (issue: { readonly number: number }) => string;
  /** What was written there since the last look. */
  readonly writes: () => string[];
  /** Two syncs more: they write nothing there, and make no commit; the second asks for what it has already. */
  readonly quiet: () => Promise<void>;
}

/** Makes one, as `ayo tracker add github --repo acme/web --push all --yes` does. */
export async function trackedRepo(push: "all" | "linked" = "all"): Promise<TrackedRepo> {
  const [store, github] = await Promise.all([tempStore(), githubServer()]);
  onTestFinished(github.close);
  const tracked = repoOf(store, github);
  await tracked.ayo("tracker", "add", "github", "--repo", "acme/web", "--url", github.url, "--push", push, "--yes");
  return tracked;
}

/** The same for a store that is connected already, or will be. */
export function repoOf(store: TempStore, github: GitHubServer, env: Record<string, string> = {}): TrackedRepo {
  const { world } = github;
  const run = (...args: string[]): Promise<CliResult> =>
    runHere(store.dir, args, { env: { GITHUB_TOKEN: GITHUB_KEY, ...env } });
  const ayo = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await run(...args);
    if (code !== 0) throw new Error(`ayo ${args.join(" ")}: exit ${code}\n${stderr}${stdout}`);
    return stdout.trimEnd();
  };
  const sync = (...args: string[]): Promise<string> => ayo("sync", "github", "--yes", ...args);
  const numberOf = (id: string): number =>
    Number(/^external-ref: '?github:acme\/\w+#(\d+)'?$/m.exec(store.text(id))?.[1]);
  const writes = (): string[] =>
    github.seen.splice(0).flatMap(({ isWrite, operation }) => (isWrite ? [operation] : []));
  return {
    ...{ store, github, world, run, ayo, sync, writes },
    issueOf: (id) => world.issue(numberOf(id)),
    ticketOf: ({ number }) => {
      const file = store.files().find((name) => numberOf(name.replace(/\.md$/, "")) === number);
      if (file === undefined) throw new Error(`no ticket for #${number}`);
      return file.replace(/\.md$/, "");
    },
    quiet: async () => {
      await sync();
      writes();
      github.unchanged.length = 0;
      const before = store.subjects();
      const said = await sync();
      const asked = github.seen.length;
      if (asked > 4 || github.unchanged.length !== asked)
        throw new Error(`${asked} requests, and of ${github.unchanged.length} nothing had changed`);
      const sent = writes();
      if (sent.length > 0 || said !== "Nothing new at github (acme/web)") throw new Error(`not quiet: ${sent} ${said}`);
      if (store.subjects().length !== before.length) throw new Error(`a commit: ${store.subjects()[0]}`);
      if (github.offences.length > 0) throw new Error(github.offences.join("\n"));
      store.judge();
    },
  };
}
