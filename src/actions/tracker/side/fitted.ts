import { fitText } from "../../../ticket/tracked/trackedText.ts";
import type { Fit } from "../../../trackers/sync/localSide.ts";
import { MAX_TITLE } from "../../input/checkInput.ts";
import type { TrackerRules } from "../rules.ts";

const MAX_NAME = 100;

/** What a ticket can hold of a value that a tracker has: it is set, and agreed on, as it comes out of this. */
export function fitFor({ people }: Pick<TrackerRules, "people">, columnOf: (status: string) => string): Fit {
  return (what, value) => {
    if (typeof value !== "string") return value;
    if (what === "status") return columnOf(value);
    if (what === "assignee" && Object.hasOwn(people, value)) return value;
    return fitted(what, value);
  };
}

function fitted(what: Parameters<Fit>[0], value: string): string {
  if (what === "description" || what === "note") return fitText(value);
  if (what === "title") return oneLine(value, MAX_TITLE) || "(no title)";
  if (what === "label") return oneLine(value.replaceAll(/[,\s]+/g, "-"), MAX_NAME);
  // No name of a tracker's is an agent's, unless config.yml says whose it is.
  if (what === "by" || what === "assignee") return oneLine(value, MAX_NAME).replace(/^@+/, "") || "somebody";
  return oneLine(value, MAX_TITLE);
}

function oneLine(value: string, longest: number): string {
  const plain = value.replaceAll(/\p{Cs}/gu, "\uFFFD").replaceAll(/[\p{Cc}\u2028\u2029\s]+/gu, " ");
  const text = plain.trim();
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}
