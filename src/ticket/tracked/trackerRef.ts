import type { Fields } from "../ticket.ts";

/** Where a ticket is kept: `local` in its store alone, else at a tracker too. */
export type ProviderName = "local" | "linear" | "github";

/** A ticket's item at a tracker, as its `external-ref` names it. */
export interface TrackerRef {
  readonly tracker: Exclude<ProviderName, "local">;
  /** The item's id there, which stays where its key changes. */
  readonly item: string;
}

type Named = { readonly externalRef?: Fields["externalRef"] | undefined };

const REF = /^(?:(linear):([\w-]{1,100})|(github):(?:[\w.-]+\/[\w.-]+|\d+)#([1-9]\d{0,15}))$/;

/** The item that an `external-ref` names; undefined for what is no tracker's. */
export function trackerRef({ externalRef }: Named): TrackerRef | undefined {
  const [, linear, id, github, number] = REF.exec(externalRef ?? "") ?? [];
  if (linear !== undefined && id !== undefined) return { tracker: "linear", item: id };
  return github !== undefined && number !== undefined ? { tracker: "github", item: number } : undefined;
}

/** Where a ticket is kept, as its `external-ref` says. */
export function providerOf(fields: Named): ProviderName {
  return trackerRef(fields)?.tracker ?? "local";
}
