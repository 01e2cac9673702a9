import path from "node:path";
import type { Journal } from "../../open/store.ts";

/** How a record, the new index and the ref's new value are called; only the change itself and its record know. */
export interface Tokens {
  readonly index: string;
  readonly ref: string;
}

/** Where the tokens of an attempt lie: on the file systems of what they become. */
export function tokensOf({ repository }: Journal, token: string): Tokens {
  return {
    index: path.join(repository.gitDir, `tmp_idx_${token}`),
    ref: path.join(repository.commonDir, `tmp_obj_ref${token}`),
  };
}
