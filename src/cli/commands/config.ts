import { type Configured, config as configAction } from "../../actions/config/config.ts";
import type { Setting } from "../../actions/config/settings.ts";
import { invoke } from "../../actions/input/action.ts";
import type { Column } from "../../ticket/rules/board.ts";
import { warnProblems, warnWritten } from "../print/line.ts";
import { plain } from "../print/print.ts";
import { fillTo, widthOf } from "../print/width.ts";
import type { Answer, Command, Context } from "../table/command.ts";
import { flagsOf } from "../table/flagsOf.ts";

/** `ayo config [key] [value]`. */
export const config: Command = {
  name: "config",
  summary: configAction.summary,
  positionals: [
    { name: "key", required: false },
    { name: "value", required: false, text: "value" },
  ],
  flags: flagsOf(configAction.input, { omit: ["key", "value"] }),
  examples: [
    ["ayo config", "every setting, and where it comes from"],
    ["ayo config board.columns", "the columns, one a line"],
    ["ayo config prefix web", "new ids look like web-x7k2"],
    ["ayo config archive.after 14d", "finished tickets move to the archive after two weeks"],
    ["ayo config types 'task, bug, spike'", "a list"],
    ["ayo config archive.after --unset", "taken out of the file: nothing moves by itself"],
  ],
  run: async (context, { words, flags }): Promise<Answer> => {
    const [key, value] = words;
    const input = { ...flags, ...(key === undefined ? {} : { key }), ...(value === undefined ? {} : { value }) };
    const configured = await invoke(configAction, context.store(), input as never);
    warnWritten(context, configured);
    // A change has told of them among its notes.
    if (!isChange(words, flags)) warnProblems(context, configured.problems);
    const [setting] = configured.settings;
    const json = key === undefined || setting === undefined ? { ...configured } : oneJson(configured, setting);
    return { json, text: textOf(context, configured, key, isChange(words, flags)), ids: [] };
  },
};

function isChange({ 1: value }: readonly string[], { unset }: Readonly<Record<string, unknown>>): boolean {
  return value !== undefined || unset === true;
}

function oneJson({ settings: _, ...configured }: Configured, setting: Setting): Record<string, unknown> {
  return { ...configured, ...setting };
}

function textOf(context: Context, configured: Configured, key: string | undefined, isChange: boolean): string {
  const { settings, changed } = configured;
  const [setting] = settings;
  if (key === undefined || setting === undefined) return table(context, configured);
  if (!isChange) return linesOf(setting.value).map(plain).join("\n");
  if (configured.dryRun) {
    if (!changed) return `Unchanged ${key}`;
    return `Would ${setting.source === "default" ? "unset" : "set"} ${key}: ${plain(shortOf(setting.value))}`;
  }
  const now = `${plain(shortOf(setting.value))}${setting.source === "default" && setting.value !== null ? " (default)" : ""}`;
  return changed ? `${key}: ${now}` : `Unchanged ${key}: already ${now}`;
}

/** Every setting on a line: key, value, and where it comes from. */
function table({ paint }: Context, { settings, path }: Configured): string {
  const rows = settings.map(({ key, value, source, line }) => {
    return { key: plain(key), value: plain(shortOf(value)), from: line === null ? source : `${source}:${line}` };
  });
  const width = (name: "key" | "from"): number => Math.max(...rows.map((row) => widthOf(row[name])));
  const [keys, sources] = [width("key"), width("from")];
  const lines = rows.map(({ key, value, from }) => {
    return `${paint.cyan(fillTo(key, keys))}  ${paint.dim(fillTo(from, sources))}  ${value}`;
  });
  return [...lines, "", paint.dim(`edit ${plain(path)}`)].join("\n");
}

/** A value on one line. */
function shortOf(value: unknown): string {
  if (value === null) return "(not set)";
  if (isColumns(value)) return value.map(({ id }) => id).join(", ");
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value.join(", ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** A value alone, for scripts: a list has a line for each of its members, and what is not set has none. */
function linesOf(value: unknown): string[] {
  if (value === null) return [];
  if (isColumns(value)) return columnLines(value);
  if (Array.isArray(value)) return value.map((one) => shortOf(one));
  return [shortOf(value)];
}

function columnLines(columns: readonly Column[]): string[] {
  const width = (name: "id" | "category"): number => Math.max(...columns.map((column) => widthOf(column[name])));
  const [ids, categories] = [width("id"), width("category")];
  return columns.map(({ id, category, name, limit, refuse, phase, role, prompt, enter }) => {
    const more = [
      limit === undefined ? "" : `limit ${limit}${refuse === undefined ? "" : " (refused past it)"}`,
      phase === undefined ? "" : `phase ${phase}`,
      role === undefined ? "" : `role ${role}`,
      prompt === undefined ? "" : `prompt ${prompt}`,
      enter === undefined ? "" : `enter ${enter.join(", ")}`,
    ];
    const cells = [fillTo(id, ids), fillTo(category, categories), name, ...more.filter((one) => one !== "")];
    return cells.join("  ");
  });
}

function isColumns(value: unknown): value is readonly Column[] {
  return Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === "object" && "category" in one);
}
