import path from "node:path";
import { withYaml } from "../../store/disk/readFile.ts";
import { jsonOf } from "../../ticket/jsonValues.ts";
import { readBody, readValues } from "../../ticket/text/parseTicket.ts";
import { markdownFiles, readForeignText } from "./directory.ts";
import type { Place } from "./foreign.ts";
import { type OpenRecord, openRecord } from "./jsonRecords.ts";

/** A markdown file of another tool. */
export interface MarkdownFile {
  readonly file: string;
  /** Its name without `.md`. */
  readonly name: string;
  readonly place: Place;
}

/** The markdown files of some folders, in order. */
export function filesIn(dir: string, shown: string, folders: readonly string[] = [""]): MarkdownFile[] {
  return folders.flatMap((folder) =>
    markdownFiles(path.join(dir, folder)).map((name) => ({
      file: path.join(dir, folder, name),
      name: name.slice(0, -".md".length),
      place: { path: path.join(shown, folder, name), line: 0 },
    })),
  );
}

/** The front matter of a file as a record, and the text below it with plain line ends. @throws bad_ticket */
export async function readMarkdown({ file, place }: MarkdownFile): Promise<{ record: OpenRecord; body: string }> {
  const source = readForeignText(file);
  const values = await withYaml((frontMatter) => readValues(source, place.path, frontMatter));
  const record = openRecord(Object.fromEntries(Object.keys(values).map((key) => [key, jsonOf(values, key)])));
  return { record, body: readBody(source).replaceAll("\r\n", "\n").trim() };
}
