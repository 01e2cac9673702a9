import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { packageDir } from "../../host.ts";
import type { Piece } from "./piece.ts";
import { sign } from "./signed.ts";

/** The marked block that tells agents of the tickets, in the page that they read first. */
export function pageBlock(page: string): Piece {
  return { kind: "block", path: page, comment: "markdown", parts: [{ text: template("block.md") }] };
}

/** One skill a role, in the format of agentskills.io. */
export function skills(folder: string): Piece[] {
  const names = readdirSync(path.join(templatesDir(), "skills")).sort();
  return names.map((name) => ({
    kind: "file",
    path: `${folder}/${name}/SKILL.md`,
    text: sign(template(`skills/${name}/SKILL.md`)),
  }));
}

/** A file of templates/agents/. */
export function template(name: string): string {
  return readFileSync(path.join(templatesDir(), name), "utf8");
}

function templatesDir(): string {
  return path.join(packageDir(), "templates", "agents");
}
