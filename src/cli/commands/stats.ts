import type { Command } from "../command.ts";

export const stats = undefined as unknown as Command;
