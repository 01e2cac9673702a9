import { standingPipelines } from "../../store/pipelines/standing.ts";
import { type Trouble, troublesOf } from "../../store/pipelines/troubles.ts";
import { categoryOf } from "../../ticket/rules/columns.ts";
import { fieldOf } from "../../ticket/ticket.ts";
import type { Looked, Need } from "./item.ts";

/** Runs of pipelines that cannot go on, and runs that did not begin on this machine though they would have. */
export function pipelineNeeds({ store, view }: Pick<Looked, "store" | "view">): Need[] {
  const standing = view.tickets.some((ticket) => fieldOf(ticket, "pipeline") !== undefined)
    ? standingPipelines(store)
    : [];
  const runs = view.tickets.flatMap((ticket): Need[] => {
    const name = fieldOf(ticket, "pipeline");
    if (name === undefined) return [];
    const { id, title, fields } = ticket;
    const category = categoryOf(view.board, ticket.status);
    const still = standing.find((one) => one.name === name);
    if (still !== undefined && (category === "active" || category === "todo")) {
      const act = still.isGone ? ["ayo", "pipeline", "cancel", id] : ["ayo", "pipeline", "check", name];
      const text = `${still.why}: this run stands still until that is put right`;
      return [{ key: `${id}:still`, kind: "pipeline", id, title, by: `@pipeline/${name}`, text, act, about: text }];
    }
    if (category !== "blocked") return [];
    const why = fields.blockedReason ?? "it was blocked";
    const act = ["ayo", "ticket", "unblock", id];
    return [
      { key: `${id}:pipeline`, kind: "pipeline", id, title, by: `@pipeline/${name}`, text: why, act, about: why },
    ];
  });
  return [...runs, ...troublesOf(store).map(troubleNeed)];
}

function troubleNeed({ key, pipeline, at, text: first, more }: Trouble): Need {
  const text = typeof more === "number" && more > 0 ? `${first}, nor did ${more} more` : first;
  const title = `pipeline ${pipeline}`;
  const act = ["ayo", "pipeline", "show", pipeline];
  return { key: `pipeline ${key}`, kind: "pipeline", id: pipeline, title, by: null, at, text, act, about: key };
}
