import * as v from "valibot";
import { AyoError } from "../error.ts";
import { readAgents } from "../store/open/agents/readAgents.ts";
import { actorOf } from "../store/open/identity/identity.ts";
import type { Store } from "../store/open/store.ts";
import { isSameName } from "../ticket/rules/claim.ts";
import { type Created, createTicket, inputOfNew } from "./create.ts";
import { unknownRole } from "./delegation/strangers.ts";
import { action, id, optionalText } from "./input/action.ts";

const {
  title,
  description,
  priority,
  type,
  tags,
  acceptance,
  once,
  as,
  dryRun,
  claim,
  mode,
  verify,
  outputSchema,
  deps,
} = inputOfNew.entries;

/** `ayo ticket delegate <id> <title> --to <who>`: hands a part of a ticket on; who hands it on hears when it is over. */
export const delegate = action({
  name: "delegate",
  summary: "Hand a part of a ticket on to an agent, a team or a person, as a ticket of its own",
  writes: true,
  input: v.object({
    id,
    title,
    to: optionalText("who does it: @agent, @team or a person"),
    role: optionalText("who does it, where nobody is named"),
    description,
    type,
    priority,
    deps,
    tags,
    acceptance,
    outputSchema,
    verify,
    mode,
    once,
    as,
    dryRun,
    claim,
  }),
  run: async (store, { id: parent, to, ...input }): Promise<Created> => {
    const assignee = to ?? (input.role === undefined ? await leadFor(store, input.as) : undefined);
    const created = await createTicket(store, { ...input, parent, assignee }, { isDelegated: true });
    const unknown = created.created && assignee === undefined ? await unknownRole(store, input.role) : [];
    return unknown.length === 0 ? created : { ...created, notices: [...created.notices, ...unknown] };
  },
});

/** Whoever gets what an agent hands on without naming anybody, as agents.yml has it. @throws bad_usage where nobody does */
async function leadFor(store: Store, as: string | undefined): Promise<string> {
  const { name } = actorOf(as, store);
  const { config } = await readAgents(store);
  const lead = [...config.agents.values()].find((entry) => isSameName(entry.name, name))?.lead;
  if (lead !== undefined) return lead;
  throw new AyoError("bad_usage", "delegate to whom? say --to @agent, or --role tester");
}
