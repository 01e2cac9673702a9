import * as v from "valibot";
import { AyoError } from "../../error.ts";
import { isOpenChild } from "../../ticket/rules/readiness.ts";
import { action, optionalText, text, writeOptions } from "../input/action.ts";
import { type Moved, moveTickets } from "../lifecycle/moveTickets.ts";
import { toCategory } from "../lifecycle/step.ts";

/** `ayo pipeline cancel <run>`: the run, and all that is open of what it made, in one commit. */
export const pipelineCancel = action({
  name: "pipeline cancel",
  summary: "Give a run of a pipeline up, with every open ticket that it made",
  writes: true,
  input: v.object({
    run: text("the id of the run"),
    message: optionalText("a note that goes with it"),
    as: writeOptions.as,
    dryRun: writeOptions.dryRun,
    claim: writeOptions.claim,
  }),
  run: (store, { run, ...input }): Promise<Moved> =>
    moveTickets(
      store,
      { ...input, ids: [run] },
      {
        verb: "cancel",
        step: toCategory("cancelled"),
        select: async (draft) => {
          const parent = await draft.find(run);
          const { pipeline } = parent.fields;
          if (pipeline === undefined)
            throw new AyoError("bad_input", `${parent.id} is no run of a pipeline`, {
              try: ["ayo", "pipeline", "list"],
              data: { id: parent.id },
            });
          const parts = draft.view.children(parent.id).flatMap(({ id }) => draft.view.byId.get(id) ?? []);
          return [parent, ...parts.filter((part) => isOpenChild(draft.view.board, part))];
        },
      },
    ),
});
