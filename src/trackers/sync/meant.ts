import { AyoError } from "../../error.ts";
import type { Told } from "./localSide.ts";
import type { Write } from "./plan.ts";

/** More than that at once are asked about. */
const MOST_CREATES = 20;
const MOST_UPDATES = 40;

/** What a person has said of it. */
interface Meant {
  readonly yes?: boolean;
  readonly assertMay?: (writes: readonly Write[]) => void;
}

/** What has come stays, so it is told also where a yes is missing to what would go. */
export function withTold(error: unknown, told: readonly Told[]): unknown {
  if (!(error instanceof AyoError) || error.code !== "needs_confirmation") return error;
  return new AyoError(error.code, error.message, { data: { ...error.data, told }, cause: error });
}

/** @throws AyoError where a person has to say yes to what would be sent */
export function assertMeant(writes: readonly Write[], { yes, assertMay }: Meant): void {
  assertMay?.(writes);
  const creates = writes.filter(({ kind }) => kind === "create").length;
  const updates = new Set(writes.filter(({ kind }) => kind !== "create").map(({ id }) => id)).size;
  if (yes || (creates <= MOST_CREATES && updates <= MOST_UPDATES)) return;
  const what = `this would make ${creates} items and change ${updates}`;
  const message = `${what}: say --yes if that is meant, or look at it with --dry-run`;
  throw new AyoError("needs_confirmation", message, { data: { what: `${what}.`, creates, updates } });
}
