import type { Command } from "../command.ts";

export const board = undefined as unknown as Command;
