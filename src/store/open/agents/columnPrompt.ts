import { AyoError } from "../../../error.ts";
import type { Board, Column } from "../../../ticket/rules/board.ts";
import { columnAt } from "../../../ticket/rules/columns.ts";
import { type StoreFile, Unread } from "../../files/storeFile.ts";
import { CONFIG_FILE } from "../config/values.ts";
import type { Store } from "../store.ts";
import { whyUnusable } from "./promptFaults.ts";
import { readPrompt } from "./readPrompt.ts";

/** What a column tells the agents that are started for its tickets, as its file is now. */
export interface ColumnPrompt {
  readonly column: string;
  readonly file: string;
  readonly read: StoreFile | Unread | undefined;
}

/** The prompts that a board's columns name, in their order. */
export function columnPrompts(store: Pick<Store, "dir">, { columns }: Board): ColumnPrompt[] {
  return columns.flatMap((column) => promptOf(store, column) ?? []);
}

/** The prompt that a column names; undefined where it names none. */
export function promptOf(store: Pick<Store, "dir">, { id, prompt }: Column): ColumnPrompt | undefined {
  if (prompt === undefined) return undefined;
  const file = fileOf(prompt);
  return { column: id, file, read: readPrompt(store, file) };
}

/** The prompt of the first of some columns, by their ids, that names one. */
export function columnPromptFor(
  store: Pick<Store, "dir">,
  board: Board,
  ids: readonly (string | undefined)[],
): ColumnPrompt | undefined {
  const column = ids
    .flatMap((id) => (id === undefined ? [] : (columnAt(board, id) ?? [])))
    .find(({ prompt }) => prompt !== undefined);
  return column && promptOf(store, column);
}

/** Why a column's prompt cannot be used, in a sentence; undefined where it can. */
export function whyNoPrompt({ column, file, read }: ColumnPrompt): string | undefined {
  const why = read === undefined ? `${file} is not there` : whyUnusable(file, read);
  return why === undefined ? undefined : `the prompt of column ${column}: ${why}`;
}

/** What a column's prompt says. @throws bad_config for one that cannot be read */
export function textOf(prompt: ColumnPrompt): string {
  const { read } = prompt;
  if (read !== undefined && !(read instanceof Unread)) return read.bytes.toString("utf8");
  throw new AyoError("bad_config", `${CONFIG_FILE}: ${whyNoPrompt(prompt)}`);
}

/** `tester` is `templates/prompts/tester.md`; what looks like a file is one of the store. */
function fileOf(prompt: string): string {
  return prompt.includes("/") || prompt.endsWith(".md") ? prompt : `templates/prompts/${prompt}.md`;
}
