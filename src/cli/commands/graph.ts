import type { Command } from "../command.ts";

export const graph = undefined as unknown as Command;
