import type { TrackerAdded } from "../../actions/tracker/trackerAdd.ts";
import type { Context } from "../table/command.ts";
import { plain } from "./print.ts";
import { fillTo, widthOf } from "./width.ts";

type MappingTable = TrackerAdded["mapping"];

/** So many labels and people are shown; `--json` has all. */
const MOST = 20;

const WHYS: Readonly<Record<MappingTable["rows"][number]["why"], string>> = {
  config: "set",
  name: "same name",
  convention: "usual name",
  "only of its type": "the only one of its type",
  category: "",
  none: "none fits: it stays here",
};

/** How values go over, as a table for a person. */
export function mappingText(mapping: MappingTable, { paint }: Pick<Context, "paint">): string {
  const { rows, others, priorities, labels, people, missing, defaultPriority } = mapping;
  const states = rows.map(({ column, state, why }) => [column, "↔", state?.name ?? "–", WHYS[why]]);
  const from = others.map(({ state, column }) => [
    column ?? "–",
    "←",
    state.name,
    column === null ? "stays there" : "",
  ]);
  const levels = priorities.map(({ here, there, name }) => [
    `P${here}`,
    "↔",
    name,
    there === 4 && here === 4 ? "too" : "",
  ]);
  const persons = people
    .slice(0, MOST)
    .map(({ here, there, why }) => [here, "↔", there, why === "config" ? "set" : ""]);
  const more = (count: number): string[] => (count > MOST ? [`  and ${count - MOST} more`] : []);
  return [
    paint.bold("Columns"),
    ...table([...states, ...from]),
    paint.bold("Priorities"),
    ...(priorities.length === 0
      ? [`  none there: they stay here, and what comes is P${defaultPriority}`]
      : table([...levels, [`P${defaultPriority}`, "←", "None", ""]])),
    paint.bold("People"),
    ...table(persons),
    ...more(people.length),
    paint.bold("Labels"),
    `  ${labels.length === 0 ? "none" : labels.slice(0, MOST).map(plain).join(", ")}`,
    ...more(labels.length),
    ...missing.map((one) => paint.red(`  missing there: ${plain(one)}`)),
  ].join("\n");
}

function table(rows: readonly (readonly string[])[]): string[] {
  const shown = rows.map((row) => row.map(plain));
  const widths = [0, 1, 2].map((at) => Math.max(0, ...shown.map((row) => widthOf(row[at] ?? ""))));
  return shown.map((row) =>
    `  ${row.map((cell, at) => fillTo(cell, widths[at] ?? widthOf(cell))).join("  ")}`.trimEnd(),
  );
}
