import { statSync } from "node:fs";
import path from "node:path";
import { item, member, type Piece, type Situation } from "./piece.ts";
import { relativeTo } from "./relativeTo.ts";
import { pageBlock, skills } from "./templates.ts";

const SHARED = ".claude/settings.json";
const LOCAL = ".claude/settings.local.json";
const SERVER = { command: "ayo", args: ["mcp"] };

/** What Claude Code reads. */
export function claudePieces(situation: Situation): Piece[] {
  return [
    pageBlock("CLAUDE.md"),
    ...skills(".claude/skills"),
    // Else a model sees the names of the tools alone, and has to ask for each.
    member(".mcp.json", ["mcpServers"], "ayo", { ...SERVER, alwaysLoad: true }, [SERVER]),
    item(SHARED, ["hooks", "SessionStart"], {
      matcher: "startup|resume|clear|compact",
      hooks: [{ type: "command", command: "ayo agents prime" }],
    }),
    item(SHARED, ["permissions", "allow"], "Bash(ayo:*)"),
    item(SHARED, ["permissions", "allow"], "mcp__ayo"),
    item(SHARED, ["enabledMcpjsonServers"], "ayo"),
    ...sandbox(situation),
  ];
}

/**
 * Where its sandbox lets commands write: by default only below the directory that it was started in. A path of this
 * machine goes into the local settings, which are not shared; those of the main worktree hold in linked ones too.
 */
function sandbox({ root, storeDir, main }: Situation): Piece[] {
  const at = ["sandbox", "filesystem", "allowWrite"];
  const inside = relativeTo(root, storeDir);
  const shared = inside === undefined ? [] : [item(SHARED, at, `./${inside}`)];
  if (inside !== undefined && main !== root) return shared;
  return [...shared, item(LOCAL, at, storeDir), ...unshared(root)];
}

/** Keeps the local settings out of commits; in a linked worktree `.git` is a file, and the main one's folder holds. */
function unshared(root: string): Piece[] {
  if (statSync(path.join(root, ".git"), { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  const text = `# A path of this machine\n/${LOCAL}\n`;
  return [{ kind: "block", path: ".git/info/exclude", comment: "hash", parts: [{ text }] }];
}
