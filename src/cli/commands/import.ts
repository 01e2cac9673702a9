import type { Command } from "../command.ts";

export const importTickets = undefined as unknown as Command;
