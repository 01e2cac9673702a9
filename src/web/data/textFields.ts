import { BOARD_FIELDS, labelOf, type PlainName } from "../../ticket/plainFields.ts";

/** An input of one text on the page of a ticket. */
export interface TextField {
  readonly name: PlainName | "assignee" | "parent";
  readonly label: string;
  /** What stands where there is no value. */
  readonly hint: string;
}

const HINTS: Readonly<Record<string, string>> = { assignee: "nobody", due: "none, or 3d" };

/** The inputs of one text: in the order that people know, then what is new. */
export function textFields(): TextField[] {
  const names = new Set<TextField["name"]>(["assignee", "project", "parent", "due", ...BOARD_FIELDS]);
  return [...names].map((name) => {
    const label = labelOf(name);
    const hint = HINTS[name] ?? "none";
    return { name, label: label.charAt(0).toUpperCase() + label.slice(1), hint };
  });
}
