import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { packageDir } from "../../host.ts";
import type { Addition } from "./jsonText.ts";
import { type Comment, sign } from "./signed.ts";

/** The harnesses that `agents init` writes files for; `generic` are the files that most others read. */
export const HARNESSES = ["claude", "codex", "generic"] as const;
/** One of them. */
export type Harness = (typeof HARNESSES)[number];

/** One thing that is written into a project: a file of its own, a marked block, or an addition to a JSON file. */
export type Piece = { readonly path: string } & (
  | { readonly kind: "file"; readonly text: string }
  | {
      readonly kind: "block";
      readonly text: string;
      readonly comment: Comment;
      /** What must not stand outside the block, for the file to stay valid. */
      readonly excludes?: readonly RegExp[];
    }
  | { readonly kind: "json"; readonly addition: Addition }
);

/** Where the project and its store lie. */
export interface Situation {
  readonly root: string;
  readonly storeDir: string;
}

/** What a harness gets. */
export function piecesFor(harness: Harness, situation: Situation): Piece[] {
  if (harness === "codex") return [...generic(), codexConfig(situation)];
  if (harness === "generic") return generic();
  return [
    { kind: "block", path: "CLAUDE.md", text: template("block.md"), comment: "markdown" },
    ...skills(".claude/skills"),
    { kind: "json", path: ".mcp.json", addition: { path: ["mcpServers"], key: "ayo", value: MCP_SERVER } },
    ...claudeSettings(situation),
  ];
}

const MCP_SERVER = { command: "ayo", args: ["mcp"] };

function generic(): Piece[] {
  return [
    { kind: "block", path: "AGENTS.md", text: template("block.md"), comment: "markdown" },
    ...skills(".agents/skills"),
  ];
}

/** One skill a role, in the format of agentskills.io, which Claude Code and Codex read. */
function skills(folder: string): Piece[] {
  const names = readdirSync(path.join(templatesDir(), "skills")).sort();
  return names.map((name) => ({
    kind: "file",
    path: `${folder}/${name}/SKILL.md`,
    text: sign(template(`skills/${name}/SKILL.md`)),
  }));
}

/**
 * What Claude Code may do unasked, what it runs at the start of a session and after compaction, and where its sandbox
 * lets it write: by default only below the directory that it was started in. A path of this machine goes into the
 * local settings, which are not shared.
 */
function claudeSettings({ root, storeDir }: Situation): Piece[] {
  const shared = ".claude/settings.json";
  const inside = relativeTo(root, storeDir);
  const prime = { matcher: "startup|resume|clear|compact", hooks: [{ type: "command", command: "ayo agents prime" }] };
  const item = (file: string, at: readonly string[], value: unknown): Piece => ({
    kind: "json",
    path: file,
    addition: { path: at, value },
  });
  return [
    item(shared, ["hooks", "SessionStart"], prime),
    item(shared, ["permissions", "allow"], "Bash(ayo:*)"),
    item(shared, ["permissions", "allow"], "mcp__ayo"),
    inside === undefined
      ? item(".claude/settings.local.json", ["sandbox", "filesystem", "allowWrite"], storeDir)
      : item(shared, ["sandbox", "filesystem", "allowWrite"], `./${inside}`),
  ];
}

/**
 * Codex lets commands write below the directory that it was started in, but in no `.git` at the top of a writable
 * root: a store outside the project is named together with its own. Tools of an MCP server run outside that sandbox.
 */
function codexConfig({ root, storeDir }: Situation): Piece {
  const roots = [storeDir, path.join(storeDir, ".git")].map((dir) => JSON.stringify(dir)).join(", ");
  const isInside = relativeTo(root, storeDir) !== undefined;
  const writable = isInside ? "" : `\n[sandbox_workspace_write]\nwritable_roots = [${roots}]\n`;
  const excludes = [/^\s*\[mcp_servers\.ayo\]/m, ...(isInside ? [] : [/^\s*\[sandbox_workspace_write\]/m])];
  const text = template("codex.toml") + writable;
  return { kind: "block", path: ".codex/config.toml", text, comment: "toml", excludes };
}

/** `dir` from `root` with `/`, or undefined where it lies outside. */
function relativeTo(root: string, dir: string): string | undefined {
  const relative = path.relative(root, dir).split(path.sep).join("/");
  return relative === "" || relative.startsWith("../") || path.isAbsolute(relative) ? undefined : relative;
}

/** A file of templates/agents/. */
export function template(name: string): string {
  return readFileSync(path.join(templatesDir(), name), "utf8");
}

function templatesDir(): string {
  return path.join(packageDir(), "templates", "agents");
}
