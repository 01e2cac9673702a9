import * as v from "valibot";
import { AyoError } from "../error.ts";
import type { Store } from "../store/open/store.ts";
import { addCriteria } from "../ticket/text/addCriteria.ts";
import { parseCriteria, tickCriterion } from "../ticket/text/criteria.ts";
import type { Criterion } from "../ticket/ticket.ts";
import { ticketsAfter, type WithTickets } from "./answers/written.ts";
import { action, change, flag, id, optionalList, type Written, writeOptions } from "./input/action.ts";
import { checkWord } from "./input/checkInput.ts";
import { assertVersion } from "./input/conflict.ts";

const entries = {
  id,
  numbers: v.optional(
    v.pipe(
      v.array(v.pipe(v.number(), v.integer(), v.minValue(1, "criteria are counted from 1"))),
      v.description("which acceptance criteria, counted from 1"),
    ),
  ),
  all: flag("all of them"),
  ...writeOptions,
};
const input = v.object(entries);
const withAdd = v.object({ ...entries, add: optionalList("criteria to add, one each") });

type Input = v.InferOutput<typeof withAdd>;

/** What ticking answers: the criteria as they are now. */
export interface Checked extends Written, WithTickets {
  readonly criteria: readonly Criterion[];
}

/** `ayo ticket check <id> N…`. */
export const check = action({
  name: "check",
  summary: "Tick acceptance criteria, or add some",
  writes: true,
  input: withAdd,
  run: (store, input) => tick(store, input, true),
});

/** `ayo ticket uncheck <id> N…`. */
export const uncheck = action({
  name: "uncheck",
  summary: "Clear acceptance criteria",
  writes: true,
  input,
  run: (store, input) => tick(store, input, false),
});

async function tick(store: Store, input: Input, done: boolean): Promise<Checked> {
  const numbers = input.numbers ?? [];
  const added = (input.add ?? []).map((text) => checkWord("add", text));
  const isNone = input.all !== true && numbers.length === 0;
  if ((isNone && added.length === 0) || (input.all === true && numbers.length > 0)) {
    throw new AyoError("bad_usage", `say which criteria by their numbers, or --all${done ? ", or --add one" : ""}`, {
      try: ["ayo", "ticket", "show", input.id],
    });
  }
  const outcome = await change(store, input, async (draft) => {
    const ticket = await draft.find(input.id);
    await assertVersion(store, draft, [ticket], input.ifMatch);
    const source = draft.read(ticket);
    const wanted = input.all ? parseCriteria(source).map(({ n }) => n) : numbers;
    const ticked = wanted.reduce((before, n) => tickCriterion(before, n, done), source);
    const text = addCriteria(ticked, added);
    draft.write(ticket, text);
    const result = { id: ticket.id, criteria: parseCriteria(text) };
    if (text === source) return { result };
    const subject = `${done ? "check" : "uncheck"} ${ticket.id}: ${[...new Set(wanted), ...added.map((one) => `+ ${one}`)].join(", ")}`;
    return { result, sentence: { subject, event: "updated", tickets: [ticket.id] } };
  });
  const { id, criteria } = outcome.result;
  return { ...outcome.written, ...(await ticketsAfter(store, outcome, [id])), criteria };
}
