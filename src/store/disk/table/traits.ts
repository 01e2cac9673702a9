/** What files are told apart by without looking at their text; a bit each. */
export const TRAITS = {
  ticket: 1,
  racy: 2,
  problem: 4,
  /** A `*.md` of the top directory. */
  top: 8,
  /** The ticket's id is another than its file's name says. */
  oddId: 16,
  deps: 32,
  parent: 64,
  /** Nobody holds it, and nothing of it waits for a person's yes. */
  unmarked: 128,
  /** It waits for, or is a part of, what is no active ticket. */
  absent: 256,
  reviewer: 512,
  /** Something that it waits for is no id that could be told apart from others in one text. */
  oddDeps: 1024,
  /** It is assigned to an agent. */
  agent: 2048,
  /** Its version is not the blob id of its entry: git converts its file. */
  converted: 4096,
  /** It asks a question that has an answer by default, from some time on. */
  timed: 8192,
  /** It has commits that are not known to be on the base branch. */
  unlanded: 16384,
  /** It is a part of another, or was made by an agent. */
  kin: 32768,
} as const;

/** Stands between ids in one text. */
export const SEPARATOR = "\n";
/** An entry whose bytes were never hashed has no blob id. */
export const NO_OID = "0".repeat(40);
