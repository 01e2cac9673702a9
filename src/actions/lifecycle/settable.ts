import { AyoError } from "../../error.ts";
import type { Draft } from "../../store/change/draft.ts";
import { fieldName } from "../../ticket/fields.ts";
import { CLAIM_FIELDS } from "../../ticket/rules/claim.ts";
import { PIPELINE_FIELDS } from "../../ticket/rules/pipelineFields.ts";
import { QUESTION_FIELDS } from "../../ticket/rules/questions.ts";
import { assertMayLift } from "./claims/rules.ts";

/** Keys with commands of their own, by their name in code. */
const OWN_COMMANDS: Readonly<Record<string, string>> = {
  id: "an id never changes",
  deps: "use ayo ticket dep",
  links: "use ayo ticket link and unlink",
  ...Object.fromEntries(QUESTION_FIELDS.map((key) => [key, "use ayo ticket ask and answer"])),
  authors: "claim and start write it",
  origin: "use ayo ticket accept",
  outputSchema: "use --output-schema",
  outputId: "use ayo ticket submit --output, which keeps what fits",
  verified: "ayo writes what it saw itself: use ayo ticket verify",
  wish: "close and submit write it inside a run",
  dispatched: "'ayo work' writes it, and assign or 'ayo run retry' takes it away",
  unconfirmed: "use ayo ticket confirm",
  ...Object.fromEntries(PIPELINE_FIELDS.map((key) => [key, "runs of pipelines write it: use ayo pipeline"])),
  landed: "use ayo ticket landed",
  unlanded: "use ayo ticket landed",
  ...Object.fromEntries(CLAIM_FIELDS.map((key) => [key, "use ayo ticket claim, renew and release"])),
};

/** Keys that will say what ayo saw itself: nobody writes evidence by hand. */
const KEPT_KEYS = ["dispatched", "landed", "output", "unlanded", "verified"];

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
  if (name === "delegatedBy" || name === "discoveredFrom") assertPerson(draft, key);
  // A ticket without commits has nothing to land: whoever waits for it could begin.
  const isEmptied = name === "commits" && !/[0-9a-z]/i.test(value);
  if (isEmptied && draft.view.board.landsOn !== undefined) assertMayLift(draft, key);
}

function assertPerson({ actor }: Draft, field: string): void {
  if (!actor.agent) return;
  throw new AyoError("needs_person", `only a person can change ${field}`, { data: { field } });
}

/** Keys of `--set` that have a flag with checks of their own. */
const WITH_FLAG = ["title", "status", "assignee", "parent", "project", "review", "mode"] as const;

interface WithSet extends Readonly<Partial<Record<(typeof WITH_FLAG)[number], string | undefined>>> {
  readonly set?: Readonly<Record<string, string>> | undefined;
}

/** The input with the keys of `set` that have a flag in its place: one way in, one check. @throws bad_input for one that is given twice */
export function withSet<I extends WithSet>(input: I): I {
  const set: Record<string, string> = { ...input.set };
  const taken: Record<string, string> = {};
  for (const name of WITH_FLAG) {
    const { [name]: value } = set;
    if (value === undefined) continue;
    if (input[name] !== undefined) {
      throw new AyoError("bad_input", `${name} is given twice, also by set`, { data: { field: name } });
    }
    delete set[name];
    taken[name] = value;
  }
  return { ...input, ...taken, set };
}
