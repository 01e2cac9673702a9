import { httpClient } from "../../../src/trackers/http.ts";
import type { Provider } from "../../../src/trackers/provider.ts";
import { type Ask, redmineAsk } from "./ask.ts";
import { COLUMNS, type Described, mappingOf } from "./mapping.ts";
import type { Ref } from "./nodes.ts";
import { reading } from "./reading.ts";
import type { Session } from "./session.ts";
import { requestOf, writeTo } from "./writing.ts";

/** Which project is meant, and how to come to it. */
export interface RedmineOptions {
  readonly url: string;
  readonly key: string;
  /** The project's number. */
  readonly project: number;
  readonly timeout?: number;
}

/** The issues of a project of a Redmine as a tracker, until it is closed. */
export function redmineProvider(options: RedmineOptions): Provider & { readonly close: () => void } {
  const { url, key, project, timeout = 60_000 } = options;
  const http = httpClient({ env: {}, timeout, limit: 32 * 1024 * 1024 });
  const ask = redmineAsk({ url, key, http, waits: [0, 0], patience: 0, now: Date.now });
  const session: Session = {
    ...{ ask, url, project, tracker: 1 },
    ...{ issues: new Map(), made: new Map(), commented: new Map() },
  };
  return {
    name: "redmine",
    describe: async () => mappingOf(await describe(ask, project)),
    ...reading(session),
    requestOf: (write) => requestOf(write, session),
    write: async (write) => await writeTo(session, write),
    close: http.close,
  };
}

interface Lists {
  readonly issue_statuses: Described["statuses"];
  readonly issue_priorities: readonly Ref[];
  readonly memberships: readonly { readonly user?: Ref }[];
  readonly trackers: readonly { readonly id: number; readonly default_status: Ref }[];
}

async function describe(ask: Ask, project: number): Promise<Described> {
  const list = async <K extends keyof Lists>(path: string, name: K): Promise<Lists[K]> =>
    (await ask<Lists>({ method: "GET", path: `/${path}.json` }))[name];
  const trackers = await list("trackers", "trackers");
  const members = await list(`projects/${project}/memberships`, "memberships");
  return {
    statuses: await list("issue_statuses", "issue_statuses"),
    priorities: await list("enumerations/issue_priorities", "issue_priorities"),
    people: members.flatMap(({ user }) => (user === undefined ? [] : [user])),
    first: String(trackers.find(({ id }) => id === 1)?.default_status.id),
    columns: COLUMNS,
  };
}
