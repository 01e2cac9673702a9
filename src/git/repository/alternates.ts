import path from "node:path";
import { type Repository, readText } from "./repository.ts";

/** The common directory of a repository that objects are borrowed from. */
export type ObjectSource = Pick<Repository, "commonDir">;

/** Git's own limit on repositories that borrow from ones that borrow. */
const MAX_DEPTH = 5;

/**
 * The repositories that another borrows objects from (`git clone --shared`), for reading only: assertSupported
 * refuses to write there. An object folder that is not called `objects` is passed over.
 */
export function alternatesOf({ commonDir }: ObjectSource, depth = 0): ObjectSource[] {
  const objects = path.join(commonDir, "objects");
  const lines = readText(path.join(objects, "info", "alternates")).split("\n");
  return lines
    .filter((line) => line !== "" && !line.startsWith("#") && path.basename(line) === "objects")
    .flatMap((line) => {
      const lender: ObjectSource = { commonDir: path.dirname(path.resolve(objects, line)) };
      return depth < MAX_DEPTH ? [lender, ...alternatesOf(lender, depth + 1)] : [lender];
    });
}
