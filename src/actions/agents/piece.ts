import type { Addition } from "./jsonText.ts";
import type { Comment } from "./signed.ts";

/** One thing that is written into a project: a file of its own, a marked block, or an addition to a JSON file. */
export type Piece = { readonly path: string } & (
  | { readonly kind: "file"; readonly text: string }
  | { readonly kind: "block"; readonly comment: Comment; readonly parts: readonly Part[] }
  | { readonly kind: "json"; readonly addition: Addition }
);

/** A part of a marked block. */
export interface Part {
  readonly text: string;
  /** The table of TOML that it is: where the file has that already, this part is left out. */
  readonly table?: readonly string[];
}

/** Where the project and its store lie. */
export interface Situation {
  /** The top of the worktree that is written into. */
  readonly root: string;
  readonly storeDir: string;
  /** The main worktree, where worktrees share this store; undefined outside git, and where each has a store of its own. */
  readonly main: string | undefined;
}

/** Adds a member to a JSON file. */
export function member(path: string, at: readonly string[], key: string, value: unknown, formerly?: unknown[]): Piece {
  return { kind: "json", path, addition: { path: at, key, value, ...(formerly === undefined ? {} : { formerly }) } };
}

/** Adds an item to an array of a JSON file. */
export function item(path: string, at: readonly string[], value: unknown): Piece {
  return { kind: "json", path, addition: { path: at, value } };
}
