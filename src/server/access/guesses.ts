import { createHash } from "node:crypto";

/** So many wrong tokens may be tried at once, and then one in each so many milliseconds. */
const FREE = 10;
const EACH = 1000;
/** So many addresses are remembered, and wrong tokens of each. */
const MOST = 1000;

/** The wrong tokens that were tried at one server. */
export interface Guesses {
  /** Whether it is known to be wrong: then it is no new guess. */
  isKnown(from: string, token: string): boolean;
  /** In how many seconds the next one may be tried from this address; 0 for at once. */
  wait(from: string): number;
  /** A token was wrong. */
  wrong(from: string, token: string): void;
}

interface Tried {
  /** How many count still, at that time. */
  level: number;
  at: number;
  readonly wrong: Set<string>;
}

/** No wrong token yet. `now` tells the time in milliseconds. */
export function guessesOf(now: () => number = () => performance.now()): Guesses {
  const all = new Map<string, Tried>();
  const levelOf = ({ level, at }: Tried): number => Math.max(0, level - (now() - at) / EACH);
  return {
    isKnown: (from, token) => all.get(networkOf(from))?.wrong.has(digest(token)) === true,
    wait: (from) => {
      const tried = all.get(networkOf(from));
      return tried === undefined ? 0 : Math.ceil(Math.max(0, levelOf(tried) - FREE + 1));
    },
    wrong: (from, token) => {
      const network = networkOf(from);
      const tried = all.get(network) ?? { level: 0, at: 0, wrong: new Set<string>() };
      tried.level = levelOf(tried) + 1;
      tried.at = now();
      keepLast(tried.wrong.add(digest(token)), MOST);
      // The map keeps the order of use.
      all.delete(network);
      keepLast(all.set(network, tried), MOST);
    },
  };
}

function keepLast(kept: Set<string> | Map<string, unknown>, most: number): void {
  const [first] = kept.keys();
  if (kept.size > most && first !== undefined) kept.delete(first);
}

/** An address of IPv4, and of IPv6 the network: a single machine has all addresses of one. */
function networkOf(from: string): string {
  const address = from.replace(/^::ffff:(?=\d+\.)/i, "");
  return address.includes(":") ? (address.split("::")[0] ?? "").split(":").slice(0, 4).join(":") : address;
}

/** Tokens are not kept, not even wrong ones: they may be right elsewhere. */
function digest(token: string): string {
  return createHash("sha256").update(token).digest("base64url");
}
