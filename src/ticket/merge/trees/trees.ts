import type { Board } from "../../rules/board.ts";
import type { PartsOf } from "../readParts.ts";
import { compareStamps, compareText, type Stamp, type Stamps, stampOf, type Version } from "../sides.ts";

/** A file of a store: a blob that is read when it is needed, or a text that a merge has made. */
export type Content = { readonly mode: string } & ({ readonly blob: string } | { readonly text: string });

/** Files by their paths in the store. */
export type Files = ReadonlyMap<string, Content>;

/** One side's store. */
export interface TreeSide {
  readonly files: Files;
  /** The side's last commit. */
  readonly tip: Stamp;
  /** Who changed what of a file since the base, by its path on this side; `file` stands for a whole file. */
  readonly stampsOf: (path: string) => Stamps;
  /** What the claim's ref says of this side's claim of a ticket, where there is a remote to ask. */
  readonly claimOf?: (path: string) => Version["claim"];
}

/** What a merge of stores has to know besides their files. */
export interface TreeContext {
  readonly read: (blob: string) => Uint8Array;
  /** Takes a ticket's text apart, where the caller keeps what it has taken apart. */
  readonly parts?: PartsOf;
  /** The time that added notes carry: that of the later parent. */
  readonly at: string;
  /** The board of the merged config.yml, which `settleConfig` makes first. */
  readonly board: Board;
  /** Where both sides' config.yml together is none that holds: the winner's is taken as a whole. */
  readonly isConfigWhole?: boolean;
}

/** Something that a person is to hear of a merge. */
export interface Told {
  readonly code:
    | "overruled"
    | "set_aside"
    | "delete_undone"
    | "renamed"
    | "cycle_cut"
    | "review_again"
    | "file_overruled";
  readonly path: string;
  /** The field that gave way, where it is one of a ticket: `claim` for a claim that was lost. */
  readonly field?: string;
  readonly message: string;
}

/** Two stores as one. */
export interface TreeMerge {
  readonly files: Files;
  readonly told: readonly Told[];
  /** What nobody can read, and what gave way as a whole file: to be kept outside of the tree. */
  readonly setAside: readonly { readonly path: string; readonly content: Content }[];
}

/** A merge on its way. */
export interface TreeJob {
  readonly a: TreeSide;
  readonly b: TreeSide;
  readonly context: TreeContext;
  readonly told: Told[];
  readonly setAside: { readonly path: string; readonly content: Content }[];
}

/** The sides in an order that does not depend on who merges. */
export function inOrder(one: TreeSide, other: TreeSide): [a: TreeSide, b: TreeSide] {
  const order = compareStamps(one.tip, other.tip);
  const isFirst = (order || compareText(JSON.stringify([...one.files]), JSON.stringify([...other.files]))) >= 0;
  return isFirst ? [one, other] : [other, one];
}

/** Who changed a whole file on a side, or deleted it: whom a person is told of. */
export function authorOf({ stampsOf, tip }: TreeSide, path: string): string {
  return stampOf({ text: "", stamps: stampsOf(path), tip }, "file").by;
}

/** Whether a path in the store is a ticket's: of the top directory or of a month of the archive. */
export function isTicketFile(path: string): boolean {
  return /^(?:archive\/[^/]+\/)?[^/.][^/]*\.md$/.test(path) && !/^readme\.md$/i.test(path);
}

/** The name of a ticket's file, which is its id. */
export function nameIn(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1, -3);
}

/** The folder of a file, with a slash; "" for the top. */
export function folderIn(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}
