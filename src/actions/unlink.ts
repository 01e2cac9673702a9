import * as v from "valibot";
import { action, ids } from "./input/action.ts";
import { linkOptions, relink } from "./link.ts";

/** `ayo ticket unlink <id> <id…>`. */
export const unlink = action({
  name: "unlink",
  summary: "Relate tickets no longer",
  writes: true,
  input: v.object({ ids, ...linkOptions }),
  run: (store, input) => relink(store, input, "unlink", (links, others) => links.filter((id) => !others.includes(id))),
});
