import type { Command } from "../command.ts";

export const doctor = undefined as unknown as Command;
