import path from "node:path";
import { readStoreFile, Unread } from "../../files/storeFile.ts";
import type { Store } from "../store.ts";
import { AGENTS_FILE, NO_AGENTS } from "./agentTypes.ts";
import type { ParsedAgents } from "./parseAgents.ts";

/** A longer file is a mistake. */
const MAX_BYTES = 1024 * 1024;

/** What a store's agents.yml says, and what is wrong with it: as long as anything is, nothing of it is in force. */
export async function readAgents({ dir }: Pick<Store, "dir">): Promise<ParsedAgents> {
  const read = readStoreFile(path.join(dir, AGENTS_FILE), { limit: MAX_BYTES });
  if (read === undefined) return { config: NO_AGENTS, problems: [] };
  if (read instanceof Unread) return { config: NO_AGENTS, problems: [read.problem(AGENTS_FILE)] };
  const { parseAgents } = await import("./parseAgents.ts");
  return parseAgents(read.bytes.toString("utf8"));
}
