import { ownClaimFiles } from "../../open/syncFolder.ts";
import type { ClaimsThere } from "./openClaims.ts";

/** What is settled of claims in a sync. */
export interface Settling {
  /** What to tell. */
  readonly told: readonly string[];
  /** Once what others did is taken in. */
  readonly goOn: () => Promise<readonly string[]>;
}

const NOTHING: Settling = { told: [], goOn: async () => [] };

/** What a sync looks at: the tickets and, in the same connection, all claims. */
export function refsToLookAt(ref: string, claims: ClaimsThere | undefined): string[] {
  return claims === undefined ? [ref] : [ref, claims.all];
}

/** Settles claims before what others did is taken in; most syncs have none, and load none of it. */
export async function beginSettling(
  claims: ClaimsThere | undefined,
  there: ReadonlyMap<string, string>,
): Promise<Settling> {
  if (claims === undefined) return NOTHING;
  const folder = claims.all.slice(0, -1);
  const isAny = [...there.keys()].some((ref) => ref.startsWith(folder)) || ownClaimFiles(claims.store).length > 0;
  if (!isAny) return NOTHING;
  const { settleBefore, settleAfter } = await import("./settle.ts");
  const unsettled = await settleBefore(claims, there);
  return {
    told: unsettled.told,
    goOn: async () => {
      const told = await settleAfter(claims, unsettled, there);
      await (await import("./collect.ts")).collectEnded(claims, there);
      return told;
    },
  };
}
