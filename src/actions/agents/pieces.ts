import { claudePieces } from "./claudePieces.ts";
import { codexPieces } from "./codexPieces.ts";
import { geminiPieces } from "./geminiPieces.ts";
import type { Piece, Situation } from "./piece.ts";
import { pageBlock, skills } from "./templates.ts";

/** The harnesses that `agents init` writes files for; `generic` are the files that most others read. */
export const HARNESSES = ["claude", "codex", "gemini", "generic"] as const;
/** One of them. */
export type Harness = (typeof HARNESSES)[number];

/** What a harness gets. */
export function piecesFor(harness: Harness, situation: Situation): Piece[] {
  switch (harness) {
    case "claude":
      return claudePieces(situation);
    case "codex":
      return [...genericPieces(), ...codexPieces(situation)];
    case "gemini":
      return geminiPieces(situation);
    case "generic":
      return genericPieces();
  }
}

/** What opencode, Qwen Code, Copilot, Cline and pi read, and Codex too. */
function genericPieces(): Piece[] {
  return [pageBlock("AGENTS.md"), ...skills(".agents/skills")];
}

/** What a person has to do yet for the files to take effect: each program trusts a folder by rules of its own. */
export function notesFor(harness: Harness): string[] {
  switch (harness) {
    case "claude":
      return [
        "Claude Code ignores the permissions until this folder is trusted: start `claude` here once and accept. Linked worktrees are trusted with it.",
      ];
    case "codex":
      return [
        "Codex reads .codex/ only in a trusted project: start `codex` here once and accept, or `codex exec --trust`. Linked worktrees are trusted with it.",
        "Codex runs the session hook only once you approved it: `/hooks` in `codex`.",
      ];
    case "gemini":
      return [
        "Gemini CLI reads .gemini/ only in a trusted folder, and without a terminal starts in no other: start `gemini` here once and accept, or set GEMINI_CLI_TRUST_WORKSPACE=true. It asks for each linked worktree, unless their parent folder is trusted.",
      ];
    case "generic":
      return [];
  }
}
