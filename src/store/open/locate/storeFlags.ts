import path from "node:path";
import type { Store } from "../store.ts";

/** The flags that name a store which the working directory alone does not lead to. */
export function storeFlags({ dir, source }: Pick<Store, "dir" | "source">): string[] {
  if (source === "dir") return ["--dir", dir];
  if (source === "global") return ["--global"];
  return source === "named" ? ["--session", path.basename(path.dirname(dir))] : [];
}
