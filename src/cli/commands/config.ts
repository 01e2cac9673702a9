import type { Command } from "../command.ts";

export const config = undefined as unknown as Command;
