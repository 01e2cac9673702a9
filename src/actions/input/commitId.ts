import * as v from "valibot";
import { text } from "./action.ts";

/** The id of a commit, as far as one types it. */
export const commitId = (description: string) =>
  v.pipe(text(description), v.regex(/^[0-9a-f]{7,64}$/i, "not the id of a commit, 7 to 64 hexadecimal digits"));
