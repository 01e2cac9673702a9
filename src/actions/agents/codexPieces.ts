import path from "node:path";
import { item, type Part, type Piece, type Situation } from "./piece.ts";
import { relativeTo, withSlashes } from "./relativeTo.ts";
import { template } from "./templates.ts";

/** What Codex reads besides AGENTS.md and the skills. */
export function codexPieces(situation: Situation): Piece[] {
  const server: Part = { text: template("codex.toml"), table: ["mcp_servers", "ayo"] };
  const prime = "ayo agents prime --as @codex";
  return [
    { kind: "block", path: ".codex/config.toml", comment: "hash", parts: [server, ...sandbox(situation)] },
    item(".codex/hooks.json", ["hooks", "SessionStart"], {
      matcher: "startup|resume|clear|compact",
      hooks: [{ type: "command", command: prime }],
    }),
  ];
}

/**
 * Codex lets commands write below the directory that it was started in, but in no `.git` at the top of a writable root:
 * a store outside is named together with its own. Tools of an MCP server run outside that sandbox.
 */
function sandbox({ root, storeDir, main }: Situation): Part[] {
  const stores = main === undefined ? [] : fromLinked(main, storeDir);
  const here = path.join(root, ".codex");
  const isOutside = relativeTo(root, storeDir) === undefined;
  if (isOutside && !stores.some((store) => path.resolve(here, store) === storeDir)) stores.push(withSlashes(storeDir));
  if (stores.length === 0) return [];
  const roots = stores.flatMap((store) => [store, `${store}/.git`]).map((dir) => `  ${JSON.stringify(dir)},`);
  const text = [
    "# The store of tickets, as linked worktrees see it from their .codex/",
    "[sandbox_workspace_write]",
    "writable_roots = [",
    ...roots,
    "]",
  ];
  return [{ text: `${text.join("\n")}\n`, table: ["sandbox_workspace_write"] }];
}

/**
 * A store in the main worktree as worktrees see it that lie beside that, or in a folder beside it. The file is shared:
 * such paths are the same in every clone, and roots that are not there do no harm.
 */
function fromLinked(main: string, storeDir: string): string[] {
  const inside = relativeTo(main, storeDir);
  if (inside === undefined) return [];
  const name = path.basename(main);
  return [`../../${name}/${inside}`, `../../../${name}/${inside}`];
}
