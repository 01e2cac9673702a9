import { chmodSync, existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type OwnClaim, ownClaims } from "../../../src/store/open/ownClaims.ts";
import { git } from "../git.ts";
import { settle, sharingTeam } from "../team.ts";
import { type TempStore, testHost } from "../tempStore.ts";
import { claimAt, holderAt } from "./claimTeam.ts";

/** Two who share two tickets, and the hub where claims of them are settled. What names no ticket is of the first. */
export interface ClaimScene {
  readonly hub: string;
  readonly ann: TempStore;
  readonly bob: TempStore;
  readonly id: string;
  readonly other: string;
  /** What a clone has written down of its own claims. */
  own(store: TempStore, ticket?: string): readonly OwnClaim[];
  /** The commit of the claim's ref at the hub. */
  refOf(ticket?: string): string;
  /** What that says; "" where there is none. */
  claimThere(ticket?: string): string;
  /** Whose claim it is; undefined where nobody's is, or it is over. */
  holder(ticket?: string): string | undefined;
  /** Nobody can reach the hub until it comes back. */
  goOffline(): void;
  /** The hub does this when it gets something, before or after its refs are others; once. */
  when(moment: "pre-receive" | "post-receive", ...lines: string[]): void;
  /** What has the hub go away, so that who talks to it hears nothing more. */
  readonly gone: readonly string[];
  comeBack(): void;
  /** Syncs until nothing is new anywhere. */
  quiet(...stores: TempStore[]): Promise<void>;
}

/** Pass what cleans up after all tests: scenes are played together. */
export async function claimScene(cleanUp: (remove: () => void) => void): Promise<ClaimScene> {
  const { hub, ann, bob, ids } = await sharingTeam(["First", "Second"], cleanUp);
  const [id, other] = ids as [string, string];
  const away = `${hub}.away`;
  return {
    hub,
    ann,
    bob,
    id,
    other,
    own: (store, ticket = id) => ownClaims({ dir: store.tickets, host: testHost(store.dir) }, ticket),
    refOf: (ticket = id) => git(hub, "rev-parse", `refs/ayo/claims/${ticket}`),
    claimThere: (ticket = id) => claimAt(hub, ticket),
    holder: (ticket = id) => holderAt(hub, ticket),
    goOffline: () => renameSync(hub, away),
    when: (moment, ...lines) => {
      const hook = path.join(hub, "hooks", moment);
      writeFileSync(hook, ["#!/bin/sh", `rm -f ${hook}`, ...lines].join("\n"));
      chmodSync(hook, 0o755);
    },
    gone: [`mv ${hub} ${away}`, "kill -9 $PPID"],
    comeBack: () => {
      if (existsSync(hub)) rmSync(hub, { recursive: true });
      renameSync(away, hub);
    },
    quiet: (...stores) => settle(hub, ...stores),
  };
}
