import { AyoError } from "../../error.ts";
import { judgeUrl, type UrlKey } from "../../store/allow/urls.ts";
import type { View } from "../../store/disk/view.ts";
import { whyNotAllowed } from "../../store/open/effect.ts";
import type { Journal, Store } from "../../store/open/store.ts";
import { TrackerError } from "../../trackers/provider.ts";
import { FACTS, type TrackerName } from "./kinds/facts.ts";
import { ghToken } from "./kinds/ghToken.ts";
import { openGitHubTracker } from "./kinds/github.ts";
import type { OpenTracker, Where } from "./kinds/kind.ts";
import { openLinearTracker } from "./kinds/linear.ts";
import { readMemory } from "./memory.ts";
import type { TrackerRules } from "./rules.ts";

/** A way to ask a tracker, and where that leads. */
export interface Connection extends OpenTracker {
  readonly url: string;
}

/** Which tracker is meant, and where: by default its own address. */
export interface Meant {
  readonly name: TrackerName;
  readonly url?: string | undefined;
  readonly placeId?: string | undefined;
}

const OPENERS = { linear: openLinearTracker, github: openGitHubTracker } as const;

/** The key of config.yml that names another address than a tracker's own. */
export const urlKey = (name: TrackerName): UrlKey => `trackers.${name}.url`;

/** How it is come to. */
export interface ConnectOptions {
  /** A person has just named the address. */
  readonly isNamed?: boolean;
  /** gh is asked for its token, whatever was said before. */
  readonly gh?: boolean | undefined;
  /** Where answers are kept for the next run. */
  readonly journal?: Journal | undefined;
  /** Asked before whatever writes there; it may throw. */
  readonly mayWrite?: () => void;
}

/**
 * Opens the way to a tracker, with the key of this process's environment: it goes to the tracker's own address, or to one
 * that was allowed on this machine.
 * @throws TrackerError without a key, needs_person for an address that nobody here has allowed
 */
export async function connectTracker(
  store: Store,
  { name, url: named, placeId }: Meant,
  { isNamed = false, gh, journal, mayWrite }: ConnectOptions = {},
): Promise<Connection> {
  // The key is that of whoever calls.
  store.host.request?.refuse();
  const url = named ?? FACTS[name].url;
  const effect = judgeUrl(store, urlKey(name), url);
  if (effect.state !== "allowed" && !isNamed) {
    const why = whyNotAllowed(store, `${urlKey(name)} ${url}`, effect) ?? `${urlKey(name)} ${url} was denied here`;
    throw new AyoError("needs_person", `${why}; until then nothing is sent there`, {
      try: ["ayo", "allow", urlKey(name)],
      data: { url },
    });
  }
  const key = keyIn(store, name) ?? (asksGh(store, name, gh) ? await ghToken(store.host, url) : undefined);
  if (key === undefined) throw new TrackerError("auth", `${FACTS[name].keyName} is not set: ${FACTS[name].keyHelp}`);
  return { url, ...OPENERS[name]({ url, key, placeId, host: store.host, journal, mayWrite }) };
}

/** The key in the environment; undefined where there is none. */
function keyIn({ host }: Store, name: TrackerName): string | undefined {
  return host.env[FACTS[name].keyName]?.trim() || undefined;
}

function asksGh(store: Store, name: TrackerName, gh: boolean | undefined): boolean {
  return name === "github" && (gh ?? readMemory(store, name).gh === true);
}

/** Whether there is a key, or somebody who may be asked for one. */
export function hasKey(store: Store, name: TrackerName): boolean {
  return keyIn(store, name) !== undefined || asksGh(store, name, undefined);
}

/** Which place is meant, and how its values go over. */
export function whereOf(
  { place, placeId, states, people }: Pick<TrackerRules, "place" | "placeId" | "states" | "people">,
  { board }: Pick<View, "board">,
): Where {
  return { place, placeId, columns: board.columns, states, people };
}
