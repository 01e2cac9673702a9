import path from "node:path";
import { AyoError } from "../../../error.ts";
import { DELETED_FILE } from "../../../store/disk/deleted.ts";
import { withYaml } from "../../../store/disk/readFile.ts";
import { isValidId } from "../../../ticket/ids.ts";
import { readValues } from "../../../ticket/text/parseTicket.ts";
import { folderFiles } from "../attachments.ts";
import { leftIn, markdownFiles, namesIn, readForeignText } from "../directory.ts";
import { convertEach, type Foreign, type Gathered, type Place } from "../foreign.ts";
import { folderOutput, folderSchemas } from "../outputs.ts";
import { folderProjects } from "../projects.ts";

interface TicketFile {
  readonly file: string;
  readonly folder: string;
  readonly place: Place;
}

/** Whether a folder holds tickets as tk and ayo keep them. */
export function isTkDirectory(dir: string): boolean {
  return markdownFiles(dir).length > 0 || months(dir).length > 0;
}

/** Reads a `.tickets` directory of tk or ayo, its archive included; every file is taken as it is. A foreign hook never comes along. */
export async function readTkDirectory(dir: string, shown: string): Promise<Gathered> {
  const files = ["", ...months(dir)].flatMap((folder) =>
    markdownFiles(path.join(dir, folder)).map((name): TicketFile => {
      const place = { path: path.join(shown, folder, name), line: 0 };
      return { file: path.join(dir, folder, name), folder, place };
    }),
  );
  const { converted, needYou } = await convertEach(files, readTicketFile);
  const ids = new Set(converted.map(({ id }) => id));
  const deleted = await convertEach(deletedFile(dir, shown), ({ file }) => readForeignText(file).split(/\r?\n/));
  const isRead = (name: string): boolean =>
    name.endsWith(".md") || ["archive", "outputs", "attachments", "schemas", "projects"].includes(name);
  const { schemas, notices } = folderSchemas(dir, shown);
  const { projects, notices: unread } = folderProjects(dir, shown);
  const outputs = new Set(namesIn(path.join(dir, "outputs")));
  const lines = deleted.converted.flat().filter((line) => line !== "");
  const unfit = lines.filter((id) => !isValidId(id)).length;
  const told = unfit === 0 ? [] : [`${unfit} of ${lines.length} lines of ${path.join(shown, DELETED_FILE)} are no ids`];
  return {
    tickets: converted.map((ticket) => ({
      ...ticket,
      files: folderFiles(dir, ticket.id),
      ...(outputs.has(`${ticket.id}.json`) ? { output: folderOutput(dir, ticket.id) } : {}),
    })),
    needYou: [...needYou, ...deleted.needYou],
    tombstones: lines.filter((id) => isValidId(id) && !ids.has(id)),
    notices: [...leftIn(dir, shown, isRead), ...told, ...notices, ...unread],
    schemas,
    projects,
  };
}

async function readTicketFile({ file, folder, place }: TicketFile): Promise<Foreign> {
  const content = readForeignText(file);
  const name = path.basename(file, ".md");
  const values = await withYaml((frontMatter) => readValues(content, place.path, frontMatter));
  const written = typeof values.id === "string" && values.id !== "" ? values.id : name;
  if (typeof values.id === "object" && values.id !== null) {
    throw new AyoError("bad_input", "its id is a list or a map", { data: { id: name } });
  }
  return { id: written, place, folder, content };
}

function deletedFile(dir: string, shown: string): TicketFile[] {
  const { dir: folder, base } = path.posix.parse(DELETED_FILE);
  const place = { path: path.join(shown, DELETED_FILE), line: 0 };
  return namesIn(path.join(dir, folder)).includes(base) ? [{ file: path.join(dir, DELETED_FILE), folder, place }] : [];
}

function months(dir: string): string[] {
  const archive = path.join(dir, "archive");
  const names = namesIn(archive).filter((name) => /^\d{4}-\d{2}$/.test(name));
  return names.map((name) => `archive/${name}/`);
}
