import path from "node:path";

/** A store as far as it can be named. */
export interface Named {
  readonly dir: string;
  /** What led to it: `dir`, `global`, `named`, or the working directory. */
  readonly source: string;
}

/** The flags that name a store which the working directory alone does not lead to. */
export function storeFlags({ dir, source }: Named): string[] {
  if (source === "dir") return ["--dir", dir];
  if (source === "global") return ["--global"];
  return source === "named" ? ["--session", path.basename(path.dirname(dir))] : [];
}
