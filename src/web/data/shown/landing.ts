import { say } from "../../words/say.ts";
import type { Named } from "../shapes.ts";

/** Something that a ticket waits for. */
export type Awaited = Named & {
  readonly state?: string;
  /** Where its work is to land, and what of it has not. */
  readonly base?: string;
  readonly unlanded?: readonly string[];
};

/** So many parts are named. */
const MAX_NAMED = 5;

/** How far it is. */
export function howFar({ id, status, state, base = "", unlanded = [id] }: Awaited): string {
  if (state !== "unlanded") return status;
  const parts = unlanded.filter((one) => one !== id);
  if (parts.length === 0) return `${status}, ${say.data.toLand(base)}`;
  const named = parts.slice(0, MAX_NAMED).join(", ");
  const more = parts.length - MAX_NAMED;
  const names = say.data.parts(parts.length, more > 0 ? say.data.andMore(named, more) : named);
  return `${status}, ${unlanded.includes(id) ? say.data.toLandWith(base, names) : say.data.toLandParts(base, names)}`;
}
