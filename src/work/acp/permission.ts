import path from "node:path";
import type { Access } from "../../store/open/agents/agentTypes.ts";
import { at, listAt, textAt } from "../adapters/json.ts";

/** Where an agent may change files. */
export interface Place {
  readonly access: Access;
  /** Its working directory, and the store. */
  readonly dirs: readonly string[];
}

/** What an agent asked leave for: what is answered, and whether that is a yes. */
export interface Ruling {
  readonly outcome: { readonly outcome: "selected"; readonly optionId: string } | { readonly outcome: "cancelled" };
  readonly isAllowed: boolean;
  /** What was asked for. */
  readonly what: string;
}

/** Kinds of tools that change nothing here. */
const READING = ["read", "search", "think", "fetch"];
/** Kinds that change files. */
const EDITING = ["edit", "delete", "move"];
/** A line that is a single command of ayo's: nothing in it means anything to a shell. */
const AYO_LINE = /^ayo(?: +(?:[\w@.,:/=+-]+|'[^']*'|"[^"$`\\!]*"))*$/;
/** A tool of ayo's own server, as programs call it. */
const AYO_TOOL = /^(?:mcp__ayo__|mcp_ayo_|ayo[_./: -])[\w.-]+/;

/** Answers a `session/request_permission`: by the tool's kind, and where it works. */
export function rulingOn(params: unknown, place: Place): Ruling {
  const call = at(params, "toolCall");
  const isAllowed = isAllowedIn(place, call);
  const option = optionFor(isAllowed, place.access, listAt(params, "options"));
  const what = textAt(call, "title") ?? textAt(call, "kind") ?? "something";
  if (option === undefined) return { outcome: { outcome: "cancelled" }, isAllowed: false, what };
  return { outcome: { outcome: "selected", optionId: option }, isAllowed, what };
}

function isAllowedIn({ access, dirs }: Place, call: unknown): boolean {
  if (access === "full") return true;
  const kind = textAt(call, "kind") ?? "other";
  // To another mode: one in which it asks for nothing, say.
  if (kind === "switch_mode") return false;
  if (access === "read") return READING.includes(kind) || isAyo(kind, call);
  return !EDITING.includes(kind) || filesOf(call).every((file) => dirs.some((dir) => isIn(dir, file, dirs[0] ?? dir)));
}

/** Also who may only read says what he found: by ayo's tools, or its command line. */
function isAyo(kind: string, call: unknown): boolean {
  if (kind === "execute") return AYO_LINE.test(commandOf(call) ?? "");
  const names = [["title"], ["toolCallId"], ["_meta", "claudeCode", "toolName"]];
  return kind === "other" && names.some((name) => AYO_TOOL.test(textAt(call, ...name) ?? ""));
}

/** The command, also of those who say which shell runs it. */
function commandOf(call: unknown): string | undefined {
  const command = at(call, "rawInput", "command");
  if (typeof command === "string") return command.trim();
  if (!Array.isArray(command)) return undefined;
  const [shell, flag, line, more] = command;
  const isShell = /^(?:\/(?:usr\/)?bin\/)?(?:ba|z|da)?sh$/.test(String(shell)) && /^-l?c$/.test(String(flag));
  return isShell && typeof line === "string" && more === undefined ? line.trim() : undefined;
}

function filesOf(call: unknown): readonly string[] {
  const named = [...listAt(call, "locations"), ...listAt(call, "content")].flatMap((one) => textAt(one, "path") ?? []);
  const given = ["file_path", "filePath", "path"].flatMap((key) => textAt(call, "rawInput", key) ?? []);
  return [...named, ...given];
}

function isIn(dir: string, file: string, from: string): boolean {
  const way = path.relative(dir, path.resolve(from, file));
  return way !== ".." && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way);
}

/** For once, unless everything is allowed anyway; a no for once too, so that the next question is asked again. */
function optionFor(isAllowed: boolean, access: Access, options: readonly unknown[]): string | undefined {
  const yes = access === "full" ? ["allow_always", "allow_once"] : ["allow_once"];
  for (const kind of isAllowed ? yes : ["reject_once", "reject_always"]) {
    const found = options.find((one) => at(one, "kind") === kind);
    const id = at(found, "optionId");
    if (typeof id === "string") return id;
  }
  return undefined;
}
