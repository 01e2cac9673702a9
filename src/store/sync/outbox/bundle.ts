/** Where bundles lie in the project's tree. */
export const OUTBOX = ".ayo-outbox";
/** The one ref that a bundle of ayo's has. */
export const BUNDLE_REF = "refs/ayo/outbox";
/** A longer file is no outbox; in bytes. Hosts warn at 50 MB. */
export const MAX_BUNDLE = 20 * 1024 * 1024;

const SIGNATURE = "# v2 git bundle\n";
/** A line for each place where others' work was merged. */
const MAX_HEADER = 1024 * 1024;
/** The store, and the commit that it ends with. */
const NAME = /^[a-z0-9]{1,40}-[0-9a-f]{12}\.bundle$/;

/** What the first lines of a bundle say. */
export interface Bundle {
  readonly head: string;
  /** Commits that whoever takes it has to have. */
  readonly needs: readonly string[];
}

/** The name of a store's bundle that ends with a commit. */
export function bundleName(id: string | undefined, head: string): string {
  return `${id ?? "store"}-${head.slice(0, 12)}.bundle`;
}

/** Whether a file's name is one that ayo gives. */
export function isBundleName(name: string): boolean {
  return NAME.test(name);
}

/** Reads the first lines of a bundle as ayo writes one; else says why it is none. Nothing behind them is looked at. */
export function parseBundle(bytes: Buffer): Bundle | string {
  const text = bytes.toString("latin1", 0, MAX_HEADER);
  const end = text.indexOf("\n\n");
  if (!text.startsWith(SIGNATURE) || end < 0) return "it is no git bundle";
  if (text.slice(end + 2, end + 6) !== "PACK") return "it has no objects";
  const lines = text.slice(SIGNATURE.length, end).split("\n");
  const needs = lines.flatMap((line) => /^-([0-9a-f]{40})(?: |$)/.exec(line)?.[1] ?? []);
  const refs = lines.filter((line) => !line.startsWith("-"));
  if (needs.length + refs.length !== lines.length) return "its first lines are damaged";
  const [, head] = /^([0-9a-f]{40}) refs\/ayo\/outbox$/.exec(refs[0] ?? "") ?? [];
  if (head === undefined || refs.length !== 1) return `it has other refs than ${BUNDLE_REF}`;
  return needs.length === 0
    ? "it has a whole history, and not what was done since others had the tickets"
    : { head, needs };
}
