import { FIELDS, type FieldName, type Fields } from "../ticket.ts";
import { formatKey, formatList, formatScalar, isLone } from "./formatScalar.ts";

/** tk's order of keys; the other fields follow in the order of FIELDS. */
const FIRST: readonly FieldName[] = [
  "id",
  "status",
  "deps",
  "links",
  "created",
  "type",
  "priority",
  "assignee",
  "externalRef",
  "parent",
  "tags",
];

/** What a new ticket file says. */
export interface NewTicket {
  readonly fields: Fields;
  /** Other keys, written after the fields. */
  readonly extra?: Readonly<Record<string, string>>;
  readonly title: string;
  /** Markdown below the title. */
  readonly body: string;
  /** The title's heading stands within the body. */
  readonly isTitled?: boolean;
}

/** The text of a new ticket file, as tk would write it; `deps` and `links` are always there. */
export function formatTicket({ fields, extra = {}, title, body, isTitled = false }: NewTicket): string {
  const names = [...FIRST, ...(Object.keys(FIELDS) as FieldName[]).filter((name) => !FIRST.includes(name))];
  const lines = names.flatMap((name) => formatField(name, fields[name]));
  const others = Object.entries(extra).map(([key, value]) => `${formatKey(key)}: ${formatScalar(value)}`);
  const text = body.replace(/^(?:[ \t]*\r?\n)+/, "").trimEnd();
  const heading = `# ${title.replaceAll(/\s*[\r\n]+\s*/g, " ").trim()}`;
  return [
    "---",
    ...lines,
    ...others,
    "---",
    ...(isTitled ? [text] : [heading, ...(text === "" ? [] : ["", text])]),
    "",
  ].join("\n");
}

function formatField(name: FieldName, value: string | number | readonly string[] | undefined): string[] {
  const { key, kind } = FIELDS[name];
  const isEmpty = value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
  if (isEmpty) return name === "deps" || name === "links" ? [`${key}: []`] : [];
  return [`${key}: ${formatValue(value, { kind, alone: name === "assignee" })}`];
}

function formatValue(
  value: string | number | readonly string[],
  { kind, alone }: { readonly kind: string; readonly alone: boolean },
): string {
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return formatScalar(value, { time: kind === "time" });
  return alone && isLone(value) ? formatScalar(value[0]) : formatList(value);
}
