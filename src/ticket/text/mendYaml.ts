import { type Entry, endOfLine, scanFrontMatter } from "./scanFrontMatter.ts";

/** What stands before a value on its line: dashes of list items, the key of a nested mapping. */
const LINE = /^([ \t]*(?:- +)*(?:[\w.-]{1,100}:[ \t]+)?)([@`][^\r\n]*)$/;
const FLOW_PART =
  /'(?:[^']|'')*'|"(?:[^"\\]|\\[\s\S])*"|#[^\n]*|[@`][^,[\]{}\r\n#]*|[^'"#,[\]{}\s@`](?:[^,[\]{}\n#]|(?<=\S)#)*|[\s\S]/g;

/**
 * Mends what people type and YAML forbids: quotes values that begin with `@` or a backtick, and indents lines of a flow
 * list that begin at the edge. Lines stay lines; block scalars and quoted values stay as they are.
 */
export function mendYaml(yaml: string): string {
  const entries = scanFrontMatter(yaml) ?? [];
  let quoted = "";
  let at = 0;
  for (const entry of entries) {
    quoted += yaml.slice(at, entry.start) + mendEntry(yaml, entry);
    at = entry.end;
  }
  return quoted + yaml.slice(at);
}

function mendEntry(yaml: string, { style, value, start, end, lineEnd }: Entry): string {
  if (style === "flow") {
    return yaml.slice(start, value.start) + mendFlow(yaml.slice(value.start, value.end)) + yaml.slice(value.end, end);
  }
  if (style === "plain")
    return yaml.slice(start, value.start) + quoteLine(yaml.slice(value.start, lineEnd)) + yaml.slice(lineEnd, end);
  if (style !== "list" && style !== "block") return yaml.slice(start, end);
  let quoted = "";
  for (let at = start; at < end; at = endOfLine(yaml, at)) quoted += quoteLine(yaml.slice(at, endOfLine(yaml, at)));
  return quoted;
}

function quoteLine(line: string): string {
  const eol = /\r?\n?$/.exec(line)?.[0] ?? "";
  const [, before = "", rest] = LINE.exec(line.slice(0, line.length - eol.length)) ?? [];
  if (rest === undefined) return line;
  const comment = rest.search(/[ \t]#/);
  const value = (comment < 0 ? rest : rest.slice(0, comment)).trimEnd();
  return before + quote(value) + rest.slice(value.length) + eol;
}

function mendFlow(flow: string): string {
  let isItemStart = true;
  const indented = flow.replaceAll(/\n(?=\S)/g, "\n ");
  return indented.replaceAll(FLOW_PART, (part) => {
    const isMention = isItemStart && /^[@`]/.test(part);
    isItemStart = /^[[{,]$/.test(part) || (isItemStart && /^\s|^#/.test(part));
    if (!isMention) return part;
    const value = part.trimEnd();
    return quote(value) + part.slice(value.length);
  });
}

function quote(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
