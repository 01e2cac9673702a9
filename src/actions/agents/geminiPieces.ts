import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { readJson } from "./jsonText.ts";
import { item, member, type Piece, type Situation } from "./piece.ts";
import { pageBlock, skills } from "./templates.ts";

const SETTINGS = ".gemini/settings.json";

/** What Gemini CLI reads. Its hooks answer in JSON, and by default its commands run in no sandbox. */
export function geminiPieces({ root }: Situation): Piece[] {
  return [
    pageBlock(pageOf(root)),
    ...skills(".agents/skills"),
    member(SETTINGS, ["mcpServers"], "ayo", { command: "ayo", args: ["mcp"], trust: true }),
    item(SETTINGS, ["tools", "allowed"], "run_shell_command(ayo)"),
    item(SETTINGS, ["hooks", "SessionStart"], {
      hooks: [{ type: "command", command: "ayo agents prime --as @gemini --hook" }],
    }),
  ];
}

/** The page that it reads first: GEMINI.md, unless the project's settings name others. */
function pageOf(root: string): string {
  const named = pagesNamed(path.join(root, SETTINGS));
  const usual = ["AGENTS.md", "GEMINI.md"].find((page) => named.includes(page));
  return usual ?? named.find((page) => /^[\w.-]+$/.test(page)) ?? "GEMINI.md";
}

function pagesNamed(file: string): string[] {
  const text = existsSync(file) ? readFileSync(file, "utf8") : "{}";
  const settings = readJson(text) as { readonly context?: { readonly fileName?: unknown } } | null | undefined;
  const named = settings?.context?.fileName;
  return [named].flat().filter((name) => typeof name === "string");
}
