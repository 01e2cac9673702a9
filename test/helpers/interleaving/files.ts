import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** The ticket files of a store, as paths in it: those at the top and the archived ones. */
export function ticketFiles(tickets: string): string[] {
  const names = (folder: string) => readdirSync(path.join(tickets, folder)).filter((name) => name.endsWith(".md"));
  const archive = path.join(tickets, "archive");
  const months = existsSync(archive)
    ? readdirSync(archive, { withFileTypes: true }).filter((one) => one.isDirectory())
    : [];
  return [
    ...names("."),
    ...months.flatMap(({ name }) => names(`archive/${name}`).map((one) => `archive/${name}/${one}`)),
  ];
}

/** The id of the ticket with this title, or `none-<title>`. */
export function idOfTitle(tickets: string, title: string): string {
  const isIt = (file: string) => readFileSync(path.join(tickets, file), "utf8").split("\n").includes(`# ${title}`);
  const file = ticketFiles(tickets).find(isIt);
  return file === undefined ? `none-${title}` : path.basename(file, ".md");
}

/** Where a ticket's file is; undefined where it has none. */
export function fileOf(tickets: string, id: string): string | undefined {
  const file = ticketFiles(tickets).find((one) => path.basename(one) === `${id}.md`);
  return file === undefined ? undefined : path.join(tickets, file);
}
