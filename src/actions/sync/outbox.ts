import type { Journal, Store } from "../../store/open/store.ts";
import type { Remote } from "../../store/sync/findRemote.ts";
import { ticketsIn } from "../../store/sync/lookHere.ts";
import { writeOutbox } from "../../store/sync/outbox/writeOutbox.ts";
import { confirmed } from "./confirmed.ts";
import type { Synced } from "./sync.ts";

interface Options {
  readonly yes?: boolean | undefined;
  readonly as?: string | undefined;
  readonly dryRun?: boolean | undefined;
}

/** `ayo sync --outbox`: nothing comes and nothing goes yet; a file is there that the project's branch can carry. */
export async function outboxNow(
  store: Store,
  journal: Journal,
  remote: Remote,
  options: Options,
): Promise<Omit<Synced, "remote" | "url">> {
  const isDry = options.dryRun === true;
  const written = await writeOutbox(store, journal, remote, {
    confirm: (facts) => confirmed(store, options, facts),
    dryRun: isDry,
  });
  const { ref, commit, file, path, commits, notices } = written;
  const outbox =
    file === undefined || path === undefined
      ? []
      : [
          {
            file: path,
            path: file,
            branches: [],
            state: isDry ? "new" : "written",
            commits,
            deletable: false,
          } as const,
        ];
  const tickets = await ticketsIn(store);
  const nothing = { came: 0, went: 0, told: [], setAside: [], first: null };
  return { ref, commit, tickets, ...nothing, notices, outbox, ...(isDry ? { dryRun: true } : {}) };
}
