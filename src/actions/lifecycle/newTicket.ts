import { AyoError } from "../../error.ts";
import type { Draft } from "../../store/change/draft.ts";
import { findTicket } from "../../store/disk/findTicket.ts";
import type { Store } from "../../store/open/store.ts";
import { readTemplate, type Template } from "../../store/open/template.ts";
import { asBoxes } from "../../ticket/text/addCriteria.ts";
import type { Fields } from "../../ticket/ticket.ts";
import type { NewTicket } from "../create.ts";
import * as check from "../input/checkInput.ts";
import { newCreated } from "../input/newCreated.ts";
import { plainFields } from "../input/plainInput.ts";
import { namesSchema } from "../output/schemaEntries.ts";
import { assertMayLift } from "./claims/rules.ts";
import { resolveAll } from "./findAll.ts";

/** What a new ticket is to be. */
interface Input extends NewTicket {
  /** It is handed on, whoever does that. */
  readonly isDelegated?: boolean | undefined;
}

/** The fields of a new ticket. @throws bad_input, not_found */
export async function fieldsOfNew(store: Store, draft: Draft, input: Input, id: string): Promise<Fields> {
  const { board, now } = draft.view;
  const deps = await resolveAll(store, draft, input.deps);
  const schema = namesSchema(input) ? await schemaOf(store, draft, input) : null;
  const parent = input.parent === undefined ? undefined : (await findTicket(store, draft.view, input.parent, false)).id;
  const wanted = check.checkColumn(board, input.status ?? board.initial);
  const column = draft.actor.agent ? check.checkColumn(board, board.initial) : wanted;
  if (input.review === "none") assertMayLift(draft);
  const word = (name: "once" | "review"): Partial<Fields> =>
    input[name] === undefined ? {} : { [name]: check.checkWord(name, input[name]) };
  const fields: Fields = {
    id,
    status: column.id,
    deps,
    links: [],
    created: newCreated(draft.view),
    type: check.checkType(board, input.type ?? (board.types.includes("task") ? "task" : (board.types[0] as string))),
    priority: check.checkPriority(input.priority ?? 2),
    ...listed("assignee", input.assignee),
    ...(parent === undefined ? {} : { parent }),
    ...listed("tags", input.tags),
    ...listed("verify", input.verify),
    ...word("review"),
    ...word("once"),
    ...(schema === null ? {} : { outputSchema: schema }),
    ...plainFields(input, now),
    ...(input.project === undefined ? {} : await projectOf(store, draft, input)),
    ...(column.category === "active" ? { started: draft.time } : {}),
    ...(["done", "cancelled", "failed"].includes(column.category) ? { closed: draft.time } : {}),
  };
  // Of what a person makes for itself nothing is to say.
  if (!input.isDelegated && !draft.actor.agent) return fields;
  const { descentOf } = await import("../delegation/delegating.ts");
  return { ...fields, ...(await descentOf(store, draft, fields, input.isDelegated === true)) };
}

async function projectOf(store: Store, draft: Draft, input: Input): Promise<Partial<Fields>> {
  const { projectField } = await import("./projectField.ts");
  return projectField(store, draft, input);
}

async function schemaOf(store: Store, draft: Draft, input: Input): Promise<string | null> {
  const { schemaNamed } = await import("../output/schemaInput.ts");
  return schemaNamed(store, draft, input);
}

/** Words that were typed as one text or several. */
export function listed(name: "assignee" | "tags" | "verify", value: string | readonly string[] = []): Partial<Fields> {
  const found = check.checkWords(name, typeof value === "string" ? [value] : value);
  return found.length === 0 ? {} : { [name]: found };
}

/** The body of a new ticket: what was said of it, or its template. @throws bad_input */
export function bodyOfNew(store: Store, draft: Draft, input: Input, title: string): string {
  const parts = [
    input.description === undefined ? undefined : check.checkText("description", input.description).trim(),
    input.design === undefined ? undefined : `## Design\n\n${check.checkText("design", input.design).trim()}`,
    input.acceptance === undefined
      ? undefined
      : `## Acceptance Criteria\n\n${asBoxes(check.checkText("acceptance", input.acceptance))}`,
  ].filter((part) => part !== undefined && part !== "");
  if (parts.length > 0 && input.template === undefined) return parts.join("\n\n");
  const name = input.template ?? input.type;
  const { text: template, trouble }: Template = name === undefined ? { text: undefined } : readTemplate(store, name);
  if (trouble !== undefined && input.template !== undefined) throw new AyoError("bad_input", trouble);
  if (trouble !== undefined) {
    draft.notices.push(`${trouble}; ${template === undefined ? "no template" : "the packaged one"} was used`);
  }
  if (template === undefined && input.template !== undefined) {
    throw new AyoError("bad_input", `there is no template '${input.template}'`, {
      try: ["ls", `${store.dir}/templates`],
    });
  }
  return [...parts, template?.replaceAll("{{title}}", title).trim()].filter((part) => part).join("\n\n");
}
