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
  return inside === undefined || main === root ? [...shared, item(LOCAL, at, storeDir)] : shared;
}
