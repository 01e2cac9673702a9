import { BOARD_FIELDS, labelOf, type PlainName } from "../../../ticket/plainFields.ts";
import { capital } from "../../words/forms.ts";
import { say, wordFor } from "../../words/say.ts";

/** An input of one text on the page of a ticket. */
export interface TextField {
  readonly name: PlainName | "assignee" | "parent";
  readonly label: string;
  /** What stands where there is no value. */
  readonly hint: string;
}

/** What stands where there is no value. */
function hintOf(name: TextField["name"]): string {
  return name === "assignee" ? say.nobody : name === "due" ? say.dueHint : say.none;
}

/** The inputs of one text: in the order that people know, then what is new. */
export function textFields(): TextField[] {
  const names = new Set<TextField["name"]>(["assignee", "project", "parent", "due", ...BOARD_FIELDS]);
  return [...names].map((name) => {
    const label = Object.hasOwn(say.fields, name) ? wordFor(name, say.fields) : labelOf(name);
    return { name, label: capital(label), hint: hintOf(name) };
  });
}
