import path from "node:path";
import { type Board, DEFAULT_BOARD } from "../../../ticket/rules/board.ts";
import { readStoreFile, Unread } from "../../files/storeFile.ts";
import { MAX_CONFIG_BYTES, parseConfig } from "./config.ts";
import { CONFIG_FILE } from "./values.ts";

/** The board of a directory's config.yml for a merge; without one that can be read the columns are the usual ones. */
export async function boardIn(dir: string): Promise<Board> {
  const read = readStoreFile(path.join(dir, CONFIG_FILE), { limit: MAX_CONFIG_BYTES });
  if (read === undefined || read instanceof Unread) return DEFAULT_BOARD;
  return parseConfig(read.bytes.toString("utf8")).then(
    ({ board }) => board,
    () => DEFAULT_BOARD,
  );
}
