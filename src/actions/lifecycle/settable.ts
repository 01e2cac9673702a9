import { AyoError } from "../../error.ts";
import type { Draft } from "../../store/change/draft.ts";
import { fieldName } from "../../ticket/fields.ts";
import { CLAIM_FIELDS } from "../../ticket/rules/claim.ts";
import { assertMayLift } from "./claims/rules.ts";

/** Keys with commands of their own, by their name in code. */
const OWN_COMMANDS: Readonly<Record<string, string>> = {
  id: "an id never changes",
  deps: "use ayo ticket dep",
  links: "use ayo ticket link and unlink",
  question: "use ayo ticket ask and answer",
  authors: "claim and start write it",
  unconfirmed: "use ayo ticket confirm",
  ...Object.fromEntries(CLAIM_FIELDS.map((key) => [key, "use ayo ticket claim, renew and release"])),
};

/** Keys that will say what ayo saw itself: nobody writes evidence by hand. */
const KEPT_KEYS = ["dispatched", "landed", "output", "verified"];

/** @throws bad_input for a key that has commands of its own, needs_person for one that only people may change */
export function assertSettable(draft: Draft, key: string, value: string): void {
  const name = fieldName(key);
  const kept = KEPT_KEYS.includes(key.toLowerCase()) ? "it is kept for what ayo saw itself" : undefined;
  const own = name === undefined ? kept : OWN_COMMANDS[name];
  if (own !== undefined) throw new AyoError("bad_input", `${key} cannot be set this way: ${own}`, { data: { key } });
  if (name === "review" && !["required", "none", ""].includes(value)) {
    throw new AyoError("bad_input", `review '${value}' is not one of required, none`, { data: { key } });
  }
  if (name === "review" && value !== "required") assertMayLift(draft);
}
