import { toLandText } from "../../ticket/rules/landed.ts";
import type { Named } from "./shapes.ts";

/** Something that a ticket waits for. */
export type Awaited = Named & {
  readonly state?: string;
  /** Where its work is to land, and what of it has not. */
  readonly base?: string;
  readonly unlanded?: readonly string[];
};

/** How far it is. */
export function howFar({ id, status, state, base, unlanded }: Awaited): string {
  return state === "unlanded" ? `${status}, ${toLandText(id, base, unlanded)}` : status;
}
