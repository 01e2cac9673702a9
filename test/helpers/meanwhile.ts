import { readdirSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../src/error.ts";
import {
  addNote,
  claimTickets,
  createTicket,
  listTickets,
  readyTickets,
  type Store,
  showTicket,
  updateTickets,
} from "../../src/index.ts";
import type { Complaints } from "./expectSwept.ts";
import { git } from "./git.ts";
import { type Env, hermeticEnv, sharedHome } from "./hermeticEnv.ts";
import { startPaused } from "./pausedProcess.ts";
import { type SweptCommand, textsOf, titled } from "./sweptCommands.ts";
import type { TempStore } from "./tempStore.ts";
import { startWatch } from "./watchProcess.ts";

/** What others do to a store while a command stands still. */
export interface Mode {
  readonly name: string;
  /** The environment of everybody in it. */
  readonly env: Env;
  /** What goes on before the command, which is to stop at its `at`-th call, begins; returns the rest. */
  readonly begin: (store: TempStore, command: SweptCommand, at: number) => Promise<Meanwhile>;
}

/** What is still to be done. */
interface Meanwhile {
  readonly whilePaused: () => Promise<void>;
  /** Once the command has ended; what is wrong with what the others did. */
  readonly afterwards: (isMade: boolean) => Promise<Complaints>;
}

/** A holder of the lock that stands still this long is replaced. */
const SOON: Env = { AYO_LOCK_STALE_MS: "300" };
/** After this long a watcher looks at what a command has recorded; it has done so when it is gone, or has not at all. */
const WATCHER_MS = 2_600;
const WATCHER_LAST_MS = 6_000;
const TITLE = "Made meanwhile";
const TEXT = "noted meanwhile";

const sleep = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** The store as another process would open it. */
function openAs(store: TempStore, env: Env): Store {
  return store.open({ env: { ...hermeticEnv(sharedHome()), ...env } });
}

/** How often a ticket made, or a note written, by the others is there. */
function others(store: TempStore): { readonly made: number; readonly noted: number } {
  const texts = textsOf(store);
  const noted = Object.values(texts).flatMap((text) => text.match(new RegExp(TEXT, "g")) ?? []).length;
  return { made: titled(texts, TITLE), noted };
}

function once(what: string, times: number): Complaints {
  return times === 1 ? [] : [`what another did (${what}) is there ${times} times`];
}

/** The code with which an action is refused, or undefined. */
async function refusal(work: Promise<unknown>): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof AyoError) return error.code;
    throw error;
  }
}

const anotherTicket: Mode = {
  name: "another ticket is made",
  env: SOON,
  begin: async (store) => ({
    whilePaused: async () => void (await createTicket(openAs(store, SOON), { title: TITLE })),
    afterwards: async () => once("a ticket", others(store).made),
  }),
};

const sameTicket: Mode = {
  name: "the same ticket is changed",
  env: SOON,
  begin: async (store, { name, ticket }) => {
    if (name === "claim") return rival(store, ticket);
    return {
      whilePaused: async () => void (await addNote(openAs(store, SOON), { id: ticket, text: TEXT })),
      afterwards: async () => once("a note", others(store).noted),
    };
  },
};

/** Two who want the same ticket: one gets it. */
function rival(store: TempStore, ticket: string): Meanwhile {
  let refused: string | undefined;
  return {
    whilePaused: async () => {
      refused = await refusal(claimTickets(openAs(store, SOON), { ids: [ticket], as: "@rival", lease: "24h" }));
    },
    afterwards: async (isMade) => {
      const holder = /^claimed-by: '(.*)'$/m.exec(store.text(ticket))?.[1];
      if (refused !== undefined && refused !== "claimed") return [`the rival was refused: ${refused}`];
      if (isMade !== (refused === "claimed")) return [`claimed by ${isMade ? "both" : "none"}`];
      return holder === (isMade ? "@coder" : "@rival") ? [] : [`claimed by ${holder} in the file`];
    },
  };
}

const refusedOthers: Mode = {
  name: "others are refused",
  env: SOON,
  begin: async (store) => ({
    whilePaused: async () => {
      const unknown = await refusal(updateTickets(openAs(store, SOON), { ids: ["nope"], priority: "0" }));
      const taken = await refusal(claimTickets(openAs(store, SOON), { ids: ["t-7"], as: "@rival" }));
      if (unknown !== "not_found" || taken !== "claimed") throw new Error(`others: ${unknown}, ${taken}`);
    },
    afterwards: async () => [],
  }),
};

const readers: Mode = {
  name: "others read",
  env: {},
  begin: async (store, { ticket }) => ({
    whilePaused: async () => {
      const { tickets } = await listTickets(openAs(store, {}), {});
      if (tickets.length < 5) throw new Error(`others read ${tickets.length} tickets`);
      await readyTickets(openAs(store, {}), {});
      await showTicket(openAs(store, {}), { id: ticket });
    },
    afterwards: async () => [],
  }),
};

const waiting: Mode = {
  name: "another waits",
  env: {},
  begin: async (store) => {
    let work: Promise<unknown> = Promise.resolve();
    return {
      whilePaused: async () => {
        work = createTicket(openAs(store, {}), { title: TITLE });
        // A failure is told by `afterwards`.
        work.catch(() => {});
        await sleep(60);
      },
      afterwards: async () => {
        await work;
        return once("a ticket", others(store).made);
      },
    };
  },
};

/** Watches over the whole time; `work` is what others do, and is told of. */
function watching(name: string, work: (store: TempStore) => Promise<string | undefined>): Mode {
  const begin: Mode["begin"] = async (store) => {
    // It looks on: of another time zone it does no command's work, which would not come to its own calls then.
    const watch = await startWatch(store.dir, [], { env: { ...SOON, TZ: "Asia/Tokyo" } });
    const since = git(store.repo, "rev-parse", "HEAD");
    const afterwards = async (): Promise<Complaints> => {
      // What a command put off is committed by the watcher, a little later.
      const commits = () => git(store.repo, "log", "--format=%H", "--reverse", `${since}..HEAD`).split("\n");
      const seen = () => [...new Set(watch.events.flatMap(({ cause }) => cause.commit ?? []))];
      for (let left = 200; left > 0 && seen().join() !== commits().join(); left--) await sleep(25);
      const code = await watch.end();
      const ids = watch.events.map(({ id }) => id);
      const warnings = watch
        .stderr()
        .split("\n")
        .filter((line) => line !== "" && !line.includes("watching"));
      return [
        ...(code === 0 ? [] : [`the watcher ended with ${code}`]),
        ...(new Set(ids).size === ids.length ? [] : ["the watcher told something twice"]),
        ...(seen().join() === commits().join() ? [] : [`the watcher told ${seen()} of ${commits()}`]),
        ...warnings.map((line) => `the watcher: ${line}`),
      ];
    };
    return {
      whilePaused: async () => {
        const id = await work(store);
        if (id !== undefined) await watch.until("created", id);
      },
      afterwards,
    };
  };
  return { name, env: SOON, begin };
}

const watchedWrite = watching("another ticket is made and a watcher runs", async (store) => {
  const { ticket } = await createTicket(openAs(store, SOON), { title: TITLE });
  return ticket.id;
});

const watchedAlone = watching("only a watcher runs", async (store) => {
  await sleep(WATCHER_MS);
  for (let left = WATCHER_LAST_MS - WATCHER_MS; left > 0 && hasRecord(store); left -= 50) await sleep(50);
  return undefined;
});

/** Whether a change is recorded that is not finished. */
function hasRecord({ repo }: TempStore): boolean {
  const names = readdirSync(path.join(repo, ".git/ayo"), { recursive: true, encoding: "utf8" });
  return names.some((name) => /(?:^|\/)redo\/./.test(name));
}

/** So many calls a note has from where it takes the lock over; where the other one stops is spread over them. */
const NOTE_CALLS = 66;
const TAKES_OVER = "(?:renameSync|openSync) .*/lock\\.json";
/** Longer than a lock of git's is waited for: every third point is left alone for so long. */
const LONG_MS = 1_200;

const bothStop: Mode = {
  name: "another one stops too",
  env: SOON,
  begin: async (store, { ticket }, first) => {
    const at = 1 + ((first * 17) % NOTE_CALLS);
    let other: ReturnType<typeof startPaused> | undefined;
    return {
      whilePaused: async () => {
        other = startPaused(store, at, ["ticket", "note", ticket, TEXT], { env: SOON, from: TAKES_OVER });
        await other.paused;
      },
      afterwards: async () => {
        if (first % 3 === 0) await sleep(LONG_MS);
        other?.resume();
        const { code, stderr } = (await other?.ended) ?? { code: 0, stderr: "" };
        const { noted } = others(store);
        const isRight = code === 0 ? noted === 1 : (code === 1 || code === 3) && noted === 0;
        return isRight ? [] : [`the other, stopped at ${at}: exit ${code}, there ${noted} times: ${stderr}`];
      },
    };
  },
};

/** Everything that others do. */
export const MODES: readonly Mode[] = [
  anotherTicket,
  sameTicket,
  refusedOthers,
  readers,
  waiting,
  bothStop,
  watchedWrite,
  watchedAlone,
];
