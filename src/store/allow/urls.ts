import { AyoError } from "../../error.ts";
import { readConfig } from "../disk/configFile.ts";
import { CONFIG_FILE } from "../open/config/values.ts";
import { type Effect, judge } from "../open/effect.ts";
import { emptyIndex } from "../open/entry.ts";
import type { Store } from "../open/store.ts";

/** The keys of config.yml that name a URL to which ayo sends anything. */
export type UrlKey = "search.embeddings.url" | "trackers.linear.url" | "trackers.github.url";

interface UrlRule {
  /** What goes there. */
  readonly about: string;
  /** The provider's own, for which the key in the environment was made: they need nobody's yes. */
  readonly own: readonly string[];
  /** What one looks like. */
  readonly example: string;
}

const URLS: Readonly<Record<UrlKey, UrlRule>> = {
  "search.embeddings.url": {
    about: "gets the tickets' texts, searches and AYO_EMBEDDINGS_KEY",
    own: ["https://api.openai.com/v1"],
    example: "http://localhost:11434/v1",
  },
  "trackers.linear.url": {
    about: "gets tickets, their comments and LINEAR_API_KEY",
    own: ["https://api.linear.app/graphql"],
    example: "https://api.linear.app/graphql",
  },
  "trackers.github.url": {
    about: "gets tickets, their comments and GITHUB_TOKEN",
    own: ["https://api.github.com"],
    example: "https://github.example/api/v3",
  },
};

/** Whether a URL is the provider's own, as text: no other spelling is. */
export function isOwnUrl(key: UrlKey, url: string): boolean {
  return URLS[key].own.includes(url.replace(/\/$/, ""));
}

/** What was decided about a URL that a store names. */
export function judgeUrl({ host, dir }: Store, key: UrlKey, url: string): Effect {
  const { about } = URLS[key];
  const approvalFolder = { host, dir, folder: "allow/urls" } as const;
  const judged = judge(approvalFolder, key, Buffer.from(`${url}\n`));
  const common = { kind: "url", name: key, words: [key, url], approvalFolder, ...judged } as const;
  if (!isOwnUrl(key, url)) return { ...common, about: `${url} ${about}` };
  // What cannot be read may have been a no.
  const state = judged.state === "denied" || judged.trouble !== undefined ? judged.state : "allowed";
  return { ...common, state, about: `${url}, the provider's own, ${about}` };
}

/** What is wrong with a value that is to be a URL; never the value itself, which may hold a password. */
export function urlTrouble(url: unknown, key: UrlKey): string | undefined {
  if (typeof url === "string" && /[^\x21-\x7e]|\\/.test(url)) {
    return "must hold no spaces, backslashes, control characters or letters beyond ASCII";
  }
  if (typeof url !== "string" || !/^https?:\/\/[^/]/.test(url) || !URL.canParse(url)) {
    return `must be an address such as ${URLS[key].example}`;
  }
  const { username, password } = new URL(url);
  return username === "" && password === "" ? undefined : "must hold no user and no password";
}

/** Every URL that a store's config.yml names, with what was decided about it; a config.yml that makes no sense is broken. */
export async function urlsOf(store: Store): Promise<Effect[]> {
  const index = emptyIndex();
  try {
    await readConfig(index, store, store.host.now());
  } catch (error) {
    if (!(error instanceof AyoError) || error.code !== "bad_config") throw error;
    const problem = { code: error.code, message: error.message };
    return [{ ...brokenUrl(store, "search.embeddings.url", ""), name: CONFIG_FILE, words: [CONFIG_FILE], problem }];
  }
  return (Object.keys(URLS) as UrlKey[]).flatMap((key) => {
    const url = valueAt(index.config.settings, key.split("."));
    if (url === undefined || url === null) return [];
    const trouble = urlTrouble(url, key);
    return trouble === undefined ? [judgeUrl(store, key, url as string)] : [brokenUrl(store, key, trouble)];
  });
}

function brokenUrl({ host, dir }: Store, key: UrlKey, trouble: string): Effect {
  const problem = { code: "bad_url", message: `${CONFIG_FILE}: ${key} ${trouble}` };
  const approvalFolder = { host, dir, folder: "allow/urls" } as const;
  return { kind: "url", name: key, words: [key], about: URLS[key].about, approvalFolder, state: "broken", problem };
}

function valueAt(settings: unknown, keys: readonly string[]): unknown {
  let value = settings;
  for (const key of keys) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}
