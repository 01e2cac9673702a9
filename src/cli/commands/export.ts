import type { Command } from "../command.ts";

export const exportTickets = undefined as unknown as Command;
