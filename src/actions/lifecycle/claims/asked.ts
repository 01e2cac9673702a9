import type { Draft } from "../../../store/change/draft.ts";
import type { Actor } from "../../../store/open/identity/identity.ts";
import type { Store } from "../../../store/open/store.ts";
import { onTheWay } from "../../../store/open/syncFolder.ts";
import type { Got } from "../../../store/sync/claims/acquire.ts";

/** What one change has asked others about claims, and what they said. */
export interface Asked {
  readonly store: Store;
  readonly actor: Actor;
  /** With `claim --next`: tickets that are another's; the next best is offered. */
  readonly passOver: Set<string> | undefined;
  /** Renewals are asked about before the change: whoever makes it wants to know. */
  readonly renews: boolean;
  readonly got: Map<string, Got>;
  /** Tokens of claims that were made before this change: whatever becomes of it, they hold. */
  readonly renewed: Set<string>;
  /** Tickets that were found finished elsewhere, for which what others did was brought. */
  readonly brought: Set<string>;
  /** Tickets whose claims are known to be ours, before they end. */
  readonly endsSurely: Set<string>;
  turns: number;
}

/** Nothing is asked yet. */
export function newAsked(
  store: Store,
  actor: Actor,
  { passOver, renews = false }: { readonly passOver?: Set<string> | undefined; readonly renews?: boolean | undefined },
): Asked {
  return {
    store,
    actor,
    passOver,
    renews,
    got: new Map(),
    renewed: new Set(),
    brought: new Set(),
    endsSurely: new Set(),
    turns: 0,
  };
}

/** Nothing is on its way any more: what others know of, and no ticket here says, is settled by the next contact. */
export function letGo({ got }: Asked): void {
  for (const answer of got.values()) if ("own" in answer) onTheWay.delete(answer.own.name);
}

/** Whether a change says anything of claims. */
export function concernsClaims({ claims, holds, handedIn, moved }: Draft): boolean {
  return claims.size > 0 || holds.size > 0 || handedIn.size > 0 || moved.size > 0;
}

/**
 * Tickets of which it must be known that nobody elsewhere holds them: those whose claims end, and those that an agent
 * moves. People may finish what others hold.
 */
export function movedBy(draft: Draft): string[] {
  const { actor, moved, holds, view } = draft;
  const others = actor.agent ? [...moved].filter((id) => !holds.has(id) && view.byId.has(id)) : [];
  return [...new Set([...(actor.agent ? endedBy(draft) : []), ...others])];
}

/** Tickets whose claims a change ends. */
export function endedBy({ claims, holds, handedIn, view }: Draft): string[] {
  const over = [...claims].flatMap(([id, kept]) => (kept === null && !holds.has(id) ? [id] : []));
  return [...new Set([...over, ...handedIn])].filter((id) => {
    const had = view.byId.get(id)?.fields;
    return had?.claim !== undefined && had.claimedBy !== undefined;
  });
}
