import { release as releaseAction } from "../../actions/release.ts";
import { lifecycle } from "./moves.ts";

/** `ayo ticket release <id…>`. */
export const release = lifecycle(
  releaseAction,
  [
    ['ayo ticket release ayo-x7k2 -m "needs somebody who knows SQL"', "back to the first column"],
    ["ayo ticket release ayo-x7k2 --force", "for people: takes it from whoever holds it"],
  ],
  { did: "Released" },
);
