import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** The top of the repository. */
export const ROOT = path.resolve(import.meta.dirname, "../..");

/** A page for users: its name from the top of the repository, and its text. */
export interface Page {
  readonly name: string;
  readonly text: string;
}

const GUIDE = "templates/guide";

/** The front page and the guide: every block of these that looks like a terminal is run. */
export const MANUAL: readonly Page[] = ["README.md", ...filesIn(GUIDE)].map(readPage);

/** Pages for who changes the code. */
export const DEVELOPERS: readonly Page[] = ["CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "src/README.md"].map(
  readPage,
);

/** The names of the guide's topics. */
export const TOPIC_NAMES = filesIn(GUIDE)
  .map((name) => path.basename(name, ".md"))
  .filter((name) => name !== "README");

function filesIn(folder: string): string[] {
  const names = readdirSync(path.join(ROOT, folder)).filter((name) => name.endsWith(".md"));
  return names.map((name) => `${folder}/${name}`);
}

function readPage(name: string): Page {
  return { name, text: readFileSync(path.join(ROOT, name), "utf8") };
}
