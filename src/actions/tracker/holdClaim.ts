import { randomBytes } from "node:crypto";
import { AyoError } from "../../error.ts";
import { type Moment, msSince } from "../../processes.ts";
import type { Config } from "../../store/open/config/config.ts";
import { actorOf } from "../../store/open/identity/identity.ts";
import type { OwnClaim } from "../../store/open/ownClaims.ts";
import type { Store } from "../../store/open/store.ts";
import { acquire, type Got } from "../../store/sync/claims/acquire.ts";
import { endClaims } from "../../store/sync/claims/endClaims.ts";
import { openClaims, patience } from "../../store/sync/claims/openClaims.ts";

/** A claim that is renewed until it is ended. */
export interface HeldClaim {
  /** That another has it, or may have it by now; undefined where none can, and where nobody could be asked from the beginning. */
  readonly whyLost: () => string | undefined;
  readonly end: () => Promise<void>;
}

/** Who has it: `Bob on desk`. */
export interface Holder {
  readonly who: string;
}

/**
 * Claims something that is no ticket, where claims are settled between machines, and renews that while it is held. The
 * last third of a lease is for what is on its way: until then a claim that is not renewed counts as lost.
 */
export async function holdClaim(
  store: Store,
  config: Config,
  { id, lease }: { readonly id: string; readonly lease: number },
): Promise<HeldClaim | Holder> {
  const actor = actorOf(undefined, store);
  const token = randomBytes(8).toString("hex");
  let own: OwnClaim | undefined;
  let since: Moment | undefined;
  let taken: string | undefined;
  let trouble: unknown;
  const whyLost = (): string | undefined => {
    if (since !== undefined && !(msIn(since) < (lease * 2) / 3)) taken ??= silent(trouble);
    return taken;
  };
  const take = (got: Got | undefined): void => {
    if (got?.state === "held") taken = `took over: ${nameOf(got)}`;
    if (got?.state === "unsure") trouble = got.error;
    if (got?.state === "unsure" || got?.state === "sure") own = got.own;
    // An answer that comes late tells nothing: between two leases another may have had it.
    if (got?.state === "sure" && whyLost() === undefined) since = got.own.since ?? undefined;
  };
  const ask = async (until: number): Promise<Got | undefined> => {
    const wanted = { id, by: actor.name, token, lease, here: undefined, own, isRenewed: since !== undefined };
    const [got] = await acquire(openClaims(store, config, until), actor, [wanted]);
    return got;
  };
  const first = await ask(patience(store));
  if (first?.state === "held") return { who: nameOf(first) };
  take(first);
  const every = lease / 9;
  const renew = async (): Promise<void> => {
    if (whyLost() !== undefined || isRefused(trouble)) return;
    if (since !== undefined && msIn(since) < lease / 3) return;
    try {
      take(await ask(Math.max(patience(store), performance.now() + every)));
    } catch (error) {
      if (!(error instanceof AyoError)) throw error;
      trouble = error;
    }
  };
  const beats = repeat(renew, every);
  const end = async (): Promise<void> => {
    await beats.stop();
    if (since === undefined || own === undefined) return;
    await endClaims(openClaims(store, config, patience(store)), actor, [{ id, how: "done", own }]);
  };
  return { whyLost, end };
}

/** Milliseconds since then, however often the machine slept. */
const msIn = (since: Moment): number => msSince(since) ?? Number.POSITIVE_INFINITY;

/** Who takes no claims takes none in a moment. */
const isRefused = (trouble: unknown): boolean => trouble instanceof AyoError && trouble.code === "remote_refused";

const nameOf = ({ by, host }: { readonly by: string; readonly host: string }): string =>
  `${by}${host === "" ? "" : ` on ${host}`}`;

function silent(trouble: unknown): string {
  const why = trouble instanceof Error ? `, ${trouble.message}` : "";
  return `may have taken over: others have not heard of this one for too long${why}`;
}

/** Does something again and again, one after the other; what goes wrong is thrown when it is stopped. */
function repeat(work: () => Promise<void>, every: number): { readonly stop: () => Promise<void> } {
  let failed: { readonly error: unknown } | undefined;
  let running: Promise<void> | undefined;
  const timer = setInterval(() => {
    if (failed !== undefined) return;
    running ??= work()
      .catch((error: unknown) => {
        failed = { error };
      })
      .finally(() => {
        running = undefined;
      });
  }, every);
  timer.unref();
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
      if (failed !== undefined) throw failed.error;
    },
  };
}
