import { statSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../../error.ts";
import { isValidId } from "../../../ticket/ids.ts";
import { leftIn, markdownFiles, readForeignText } from "../directory.ts";
import { convertEach, type Gathered } from "../foreign.ts";
import { isObject, type JsonRecord } from "../jsonRecords.ts";
import { filesIn, type MarkdownFile, readMarkdown } from "../markdownRecord.ts";
import { readBeads } from "./beads.ts";

/** minibeads' sections (src/format.rs) and the keys of beads that they are. */
const SECTIONS: Readonly<Record<string, string>> = {
  "# Description": "description",
  "# Design": "design",
  "# Acceptance Criteria": "acceptance_criteria",
  "# Notes": "notes",
};

/** Whether a `.beads` folder is one of minibeads, which keeps each issue as a markdown file. */
export function isMinibeads(dir: string): boolean {
  return markdownFiles(path.join(dir, "issues")).length > 0;
}

/** Reads issues and comments of minibeads as the records of beads that they stand for. */
export async function readMinibeads(dir: string, shown: string): Promise<Gathered> {
  const files = filesIn(dir, shown, ["issues"]);
  const { converted, needYou } = await convertEach(files, (file) => readIssue(dir, file));
  const gathered = await readBeads(converted);
  const notices = leftIn(dir, shown, (name) => name === "issues" || name === "comments");
  return { ...gathered, needYou: [...needYou, ...gathered.needYou], notices: [...gathered.notices, ...notices] };
}

async function readIssue(dir: string, file: MarkdownFile): Promise<JsonRecord> {
  const { record, body } = await readMarkdown(file);
  const edges = record.value("depends_on", isObject) ?? {};
  const dependencies = Object.entries(edges).map(([id, type]) => ({ depends_on_id: id, type: String(type) }));
  // Whatever stands in the front matter keeps its name: what beads does not know becomes a key of its own.
  const values = Object.fromEntries([...record.all()].filter(([key]) => key !== "id"));
  const comments = readComments(dir, file.name);
  return { place: file.place, value: { ...values, id: file.name, ...readSections(body), dependencies, comments } };
}

/** The text of each section; what stands before the first is description. */
function readSections(body: string): Record<string, string> {
  const texts: Record<string, string[]> = { description: [] };
  let key = "description";
  for (const line of body.split("\n")) {
    const section = Object.hasOwn(SECTIONS, line.trimEnd()) ? SECTIONS[line.trimEnd()] : undefined;
    if (section === undefined) texts[key]?.push(line);
    else {
      key = section;
      texts[key] ??= [];
    }
  }
  return Object.fromEntries(Object.entries(texts).map(([name, lines]) => [name, lines.join("\n").trim()]));
}

/** `comments/<id>.json`; @throws bad_input where it is there and holds no comments: an issue is not taken by halves */
function readComments(dir: string, id: string): unknown[] {
  const file = path.join(dir, "comments", `${id}.json`);
  if (!isValidId(id) || statSync(file, { throwIfNoEntry: false }) === undefined) return [];
  const refuse = (cause?: unknown) =>
    new AyoError("bad_input", `comments/${id}.json holds no list of comments`, { cause });
  try {
    const comments: unknown = JSON.parse(readForeignText(file));
    const isComment = (one: unknown): boolean => isObject(one) && typeof one.body === "string";
    if (!Array.isArray(comments) || !comments.every(isComment)) throw refuse();
    return comments.map(({ body, updated_at, ...rest }) => {
      const changed = updated_at === rest.created_at ? {} : { updated_at };
      return { ...rest, ...changed, text: body };
    });
  } catch (error) {
    throw error instanceof SyntaxError ? refuse(error) : error;
  }
}
