import type { LocalTicket } from "../../src/trackers/sync/localSide.ts";
import { MemorySide } from "../helpers/linear/memorySide.ts";

/** A side in memory, whose tickets are called by their issues. */
export class Side extends MemorySide {
  override idFor = (key: string): string => `mya-${key}`;

  /** Sets fields of a ticket. */
  set(id: string, over: Partial<LocalTicket["fields"]>): void {
    this.edit(id, ({ fields }) => ({ fields: { ...fields, ...over } }));
  }

  /** The number of a ticket's issue. */
  numberOf(id: string): number {
    return Number(this.pairs.get(id)?.key);
  }
}

/** What somebody said here. */
export const note = (text: string) => ({ at: "2026-01-01T00:00:00Z", by: "Jo", text, isPublic: true });
