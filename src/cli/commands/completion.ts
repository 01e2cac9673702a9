import type { Command } from "../command.ts";

export const completion = undefined as unknown as Command;
