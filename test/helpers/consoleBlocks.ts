import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { inject } from "vitest";
import { hermeticEnv } from "./hermeticEnv.ts";
import { CLI } from "./runCli.ts";

/** A command line of a ```console block with the output that the page promises. */
export interface Command {
  readonly kind: "command";
  /** Where it stands in the page, from 1. */
  readonly line: number;
  readonly text: string;
  readonly output: readonly string[];
}

/** A fenced block with a file name, ```yaml .tickets/config.yml: written before the commands below it run. */
export interface FileBlock {
  readonly kind: "file";
  readonly line: number;
  readonly path: string;
  readonly text: string;
}

/** Blocks with a name, ```console worker: what people do at the same time, each in a terminal of their own. */
export interface Terminals {
  readonly kind: "terminals";
  readonly commands: readonly Command[];
}

type Step = Command | FileBlock | Terminals;

/** What a page, or a part of it that begins with `<!-- a new home -->`, does from top to bottom, in one shell. */
export interface Section {
  /** The heading that it begins under. */
  readonly title: string;
  readonly steps: readonly Step[];
}

/** A command that was run, and what it printed with the page's ids in place of the real ones. */
export interface Ran {
  readonly command: Command;
  readonly actual: string;
  readonly ok: boolean;
}

const NEW_HOME = "<!-- a new home -->\n";

/**
 * The parts of a markdown page that have something to run. Each has a home of its own: one page is one part, but for
 * `<!-- a new home -->`, which begins the next. `<!-- $ command -->` prepares and prints nothing.
 */
export function readSections(page: string): Section[] {
  let title = headings(page)[0] ?? "the top";
  let firstLine = 1;
  const sections = page.split(NEW_HOME).map((part) => {
    const section = { title, steps: readSteps(part.split("\n"), firstLine) };
    title = headings(part).at(-1) ?? title;
    firstLine += part.split("\n").length;
    return section;
  });
  return sections.filter(({ steps }) => steps.length > 0);
}

function headings(text: string): string[] {
  return [...text.replaceAll(/^```[\s\S]*?^```$/gm, "").matchAll(/^##? (.*)$/gm)].map(([, heading = ""]) => heading);
}

function readSteps(lines: readonly string[], firstLine: number): Step[] {
  const steps: Step[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    const hidden = /^<!-- \$ (.*) -->$/.exec(line)?.[1];
    if (hidden !== undefined) steps.push({ kind: "command", line: firstLine + at, text: hidden, output: [] });
    if (!line.startsWith("```")) continue;
    const end = lines.indexOf("```", at + 1);
    if (end < 0) throw new Error(`line ${firstLine + at}: a fence without an end`);
    const block = readBlock(line.slice(3), lines.slice(at + 1, end), firstLine + at + 1);
    const before = steps.at(-1);
    if (before?.kind === "terminals" && block[0]?.kind === "terminals") {
      steps.splice(-1, 1, { ...before, commands: [...before.commands, ...block[0].commands] });
    } else steps.push(...block);
    at = end;
  }
  return steps;
}

/** Every command of a section, wherever it is typed. */
export function commandsOf({ steps }: Section): Command[] {
  return steps.flatMap((step) => (step.kind === "command" ? [step] : step.kind === "terminals" ? step.commands : []));
}

function readBlock(info: string, block: readonly string[], firstLine: number): Step[] {
  const [language, file] = info.split(" ");
  if (language === "console") {
    const commands = readCommands(block, firstLine);
    return file === undefined ? commands : [{ kind: "terminals", commands }];
  }
  if (file === undefined) return [];
  return [{ kind: "file", line: firstLine, path: file, text: `${block.join("\n")}\n` }];
}

/** `$ ` begins a command; it goes on after a backslash, and to the end of its here-document. */
function readCommands(block: readonly string[], firstLine: number): Command[] {
  const commands: (Command & { output: string[] })[] = [];
  for (let at = 0; at < block.length; at++) {
    const line = block[at] ?? "";
    if (!line.startsWith("$ ")) {
      const last = commands.at(-1);
      if (last === undefined) throw new Error(`line ${firstLine + at}: output before a command`);
      last.output.push(line);
      continue;
    }
    const begin = at;
    const end = /<<'?(\w+)'?/.exec(line)?.[1];
    if (end !== undefined) at = block.indexOf(end, at);
    else while (block[at]?.endsWith("\\")) at++;
    if (at < 0) throw new Error(`line ${firstLine + begin}: a here-document without an end`);
    const text = block
      .slice(begin, at + 1)
      .join("\n")
      .slice(2);
    commands.push({ kind: "command", line: firstLine + begin, text, output: [] });
  }
  return commands;
}

/** An id in one of the two projects that the page works in; `sho-` is that of the example store. */
const ID_PATTERN = "\\b(?:mya|sho)-[a-z0-9]{4}(?:[a-z0-9]{2})?\\b";
const ID = new RegExp(ID_PATTERN, "g");
const EXAMPLE = path.resolve(import.meta.dirname, "../../.tickets.example");

/** What differs from run to run, made the same. */
function normalise(text: string): string {
  return text
    .replaceAll(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, "<time>")
    .replaceAll(/^\d{4}-\d\d-\d\d \d\d:\d\d(?= {2})/gm, "<minute>")
    .replaceAll(/^((?:created|closed|started): )\d{4}-\d\d-\d\d \d\d:\d\d/gm, "$1<minute>")
    .replaceAll(/\b(since|until|created:|closed:) \d{4}-\d\d-\d\d \d\d:\d\d\b/g, "$1 <minute>")
    .replaceAll(/(\bsince|%: by) \d{4}-\d\d-\d\d\b/g, "$1 <day>")
    .replaceAll(/^(Date: +).*$/gm, "$1<time>")
    .replaceAll(/\b[0-9a-f]{7} of (.*), \d{4}-\d\d-\d\d \d\d:\d\d: /g, "<commit> of $1, <minute>: ")
    .replaceAll(/ undid in [0-9a-f]{7}, \d{4}-\d\d-\d\d \d\d:\d\d$/gm, " undid in <commit>, <minute>")
    .replaceAll(/\b[0-9a-f]{40}\b/g, "<hash>")
    .replaceAll(/@ [0-9a-f]{12}\b/g, "@ <version>")
    .replaceAll(/\bat [0-9a-f]{12}\b/g, "at <commit>")
    .replaceAll(/"version":"[0-9a-f]+"/g, '"version":"<hash>"')
    .replaceAll(/^[0-9a-f]{7} /gm, "<commit> ")
    .replaceAll(/ (main) with [0-9a-f]{7}$/gm, " $1 with <commit>")
    .replaceAll(/\b[0-9a-f]{12}-[0-9a-f]{12}\.bundle\b/g, "<bundle>")
    .replaceAll(/:note [0-9a-f]{8}\b/g, ":note <note>")
    .replaceAll(/\b1\d{12}\b/g, "<milliseconds>")
    .replaceAll(/^\d\d:\d\d:\d\d /gm, "<clock> ")
    .replaceAll(/\(run (\d+), [0-9a-f]{8}\)/g, "(run $1, <run>)")
    .replaceAll(/\bended after \d+s\b/g, "ended after <seconds>")
    .replaceAll(/ {2}\d+s {2,}(?=[A-Z])/g, "  <seconds>  ")
    .replaceAll(/^(session +|time +).*$/gm, "$1…")
    .replaceAll(/\/runs\/[0-9a-f]{20}\//g, "/runs/<store>/")
    .replaceAll(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, "<uuid>")
    .replaceAll(/\bcommitted what was left \((\d+)\): [0-9a-f]{12}/g, "committed what was left ($1): <commit>")
    .replaceAll(/^ayo \d+\.\d+\.\d+$/gm, "ayo <version>")
    .replaceAll(/[ \t]+$/gm, "");
}

/**
 * Compares an output with what the page says, after {@link normalise}. A line `…` stands for any lines. An id of the
 * page that is new stands for any id, which is remembered in `ids` and must be that one from then on.
 */
export function matches(expected: string, actual: string, ids: Map<string, string>): boolean {
  const found = new Map<string, number>();
  const source = normalise(expected)
    .split("\n")
    .map((line) => (line === "…" ? "[\\s\\S]+?" : lineSource(line, ids, found)))
    .join("\n");
  const match = new RegExp(`^${source}$`).exec(normalise(actual));
  if (match === null) return false;
  const bound = [...found].map(([id, group]) => [id, match[group] ?? ""] as const);
  const real = [...ids.values(), ...bound.map(([, id]) => id)];
  if (new Set(real).size !== real.length) return false;
  for (const [id, other] of bound) ids.set(id, other);
  return true;
}

function lineSource(line: string, ids: ReadonlyMap<string, string>, found: Map<string, number>): string {
  return line
    .split(new RegExp(`(${ID_PATTERN})`))
    .map((part, at) => {
      if (at % 2 === 0) return part.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
      const known = ids.get(part);
      if (known !== undefined) return known;
      const group = found.get(part);
      if (group !== undefined) return `\\${group}`;
      found.set(part, found.size + 1);
      return `(${ID_PATTERN})`;
    })
    .join("");
}

/** What a page has besides a home: variables of its environment, and how its outputs are shown. */
export interface Surroundings {
  readonly env?: Readonly<Record<string, string>>;
  readonly shown?: (output: string) => string;
}

/**
 * Runs a section as a reader would, in a new home (`~`) with `ayo` on the PATH and this checkout at `~/ayo`. Ends
 * with the first command whose output differs, unless it is to `keepGoing`.
 */
export async function runSection(
  { steps }: Section,
  home: string,
  keepGoing = false,
  { env = {}, shown = (output) => output }: Surroundings = {},
): Promise<Ran[]> {
  const shell = openShell(home, home, env);
  const ids = new Map(exampleIds().map((id) => [id, id]));
  const ran: Ran[] = [];
  try {
    for (const step of steps) {
      if (step.kind === "file") {
        writeFileSync(path.join((await shell.run("pwd")).trim(), step.path), step.text);
        continue;
      }
      if (step.kind === "terminals") {
        ran.push(...(await runTerminals(step, home, (await shell.run("pwd")).trim(), ids)));
        if (ran.some(({ ok }) => !ok) && !keepGoing) break;
        continue;
      }
      const typed = step.text.replaceAll(ID, (id) => ids.get(id) ?? id);
      const output = shown((await shell.run(typed)).replaceAll(home, "/home/mara"));
      const ok = matches(promised(step), output, ids);
      const pageIds = new Map([...ids].map(([id, real]) => [real, id]));
      ran.push({ command: step, actual: output.replaceAll(ID, (id) => pageIds.get(id) ?? id), ok });
      if (!ok && !keepGoing) break;
    }
    return ran;
  } finally {
    shell.close();
  }
}

/**
 * Runs each command in a shell of its own, all at once. Who of them does what differs from run to run: what they print
 * together must be the page's lines, each as often, and an id of the page must be one ticket in all of them.
 */
async function runTerminals(
  { commands }: Terminals,
  home: string,
  cwd: string,
  ids: Map<string, string>,
): Promise<Ran[]> {
  const shells = commands.map(() => openShell(home, cwd));
  const outputs = await Promise.all(commands.map(({ text }, at) => shells[at]?.run(text, LONG) ?? "")).finally(() => {
    for (const shell of shells) shell.close();
  });
  const actual = outputs.map((output) => output.replaceAll(home, "/home/mara"));
  const pageIds = bindIds(commands.map(promised).join(""), actual.join(""));
  for (const [real, id] of pageIds) ids.set(id, real);
  const shown = actual.map((output) => output.replaceAll(ID, (id) => pageIds.get(id) ?? id));
  const lines = (texts: readonly string[]): string => normalise(texts.join("")).split("\n").sort().join("\n");
  const ok = lines(shown) === lines(commands.map(promised));
  return commands.map((command, at) => ({ command, actual: shown[at] ?? "", ok }));
}

/** The page's id for each real one: they stand in a line that is, but for the id, the only one of its kind. */
function bindIds(page: string, actual: string): Map<string, string> {
  const byRest = (text: string): Map<string, string[]> => {
    const found = new Map<string, string[]>();
    for (const line of normalise(text).split("\n")) {
      const [id, ...more] = line.match(ID) ?? [];
      if (id === undefined || more.length > 0) continue;
      const rest = line.replace(id, "");
      found.set(rest, [...new Set([...(found.get(rest) ?? []), id])]);
    }
    return found;
  };
  const expected = byRest(page);
  return new Map(
    [...byRest(actual)].flatMap(([rest, real]) => {
      const known = expected.get(rest) ?? [];
      return real.length === 1 && known.length === 1 ? [[real[0] as string, known[0] as string] as const] : [];
    }),
  );
}

/** The ids of the example store stand for themselves. */
function exampleIds(): string[] {
  const names = readdirSync(EXAMPLE, { recursive: true, encoding: "utf8" });
  return names.map((name) => path.basename(name, ".md")).filter((name) => name.startsWith("sho-"));
}

/** The output that the page promises, as one text. */
export function promised({ output }: Command): string {
  return output.map((line) => `${line}\n`).join("");
}

/** The page with the real output under every command that printed something else. */
export function renew(page: string, ran: readonly Ran[]): string {
  const lines = page.split("\n");
  for (const { command, actual, ok } of ran.toSorted((left, right) => right.command.line - left.command.line)) {
    const at = command.line - 1 + command.text.split("\n").length;
    const output = actual === "" ? [] : actual.replace(/\n$/, "").split("\n");
    if (!ok) lines.splice(at, command.output.length, ...output);
  }
  return lines.join("\n");
}

interface Shell {
  /** Runs a command line and answers with all that it prints. */
  run(command: string, atMost?: number): Promise<string>;
  close(): void;
}

/** A command may take so long, in milliseconds; what several people do together may take longer. */
const SHORT = 30_000;
const LONG = 180_000;

/** One bash for a whole section, so that `cd` and variables last. */
function openShell(home: string, cwd = home, more: Surroundings["env"] = {}): Shell {
  const buildError = inject("buildError");
  if (buildError !== "") throw new Error(buildError);
  const bin = path.join(home, ".bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(path.join(bin, "ayo"), `#!/bin/sh\nexec '${process.execPath}' '${CLI}' "$@"\n`);
  chmodSync(path.join(bin, "ayo"), 0o755);
  const checkout = path.join(home, "ayo");
  if (!existsSync(checkout)) symlinkSync(path.resolve(import.meta.dirname, "../.."), checkout);
  writeFileSync(path.join(home, ".gitconfig"), GIT_CONFIG);
  const env = hermeticEnv(home);
  const child = spawn("bash", ["--noprofile", "--norc"], {
    cwd,
    // A group of its own, which ends as a whole: what a failed section left running too.
    detached: true,
    env: { ...env, ...more, PATH: `${bin}:${path.dirname(process.execPath)}:${env.PATH}`, GIT_PAGER: "cat" },
  });
  return { run: (command, atMost = SHORT) => runIn(child, command, atMost), close: () => endGroup(child) };
}

function endGroup({ pid }: ChildProcessWithoutNullStreams): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}

const GIT_CONFIG = `[user]
	name = Mara Lind
	email = mara@example.com
[init]
	defaultBranch = main
[gc]
	auto = 0
[maintenance]
	auto = false
`;
const MARK = "--- end of output ---";

function runIn(child: ChildProcessWithoutNullStreams, command: string, atMost: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = "";
    const timer = setTimeout(() => done(() => reject(new Error(`no end of: ${command}\n${output}`))), atMost);
    const done = (finish: () => void) => {
      clearTimeout(timer);
      for (const stream of [child.stdout, child.stderr]) stream.removeAllListeners("data");
      child.removeAllListeners("close");
      finish();
    };
    const take = (chunk: string) => {
      output += chunk;
      const end = output.indexOf(MARK);
      if (end >= 0) done(() => resolve(output.slice(0, end)));
    };
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", take);
    child.on("close", () => done(() => reject(new Error(`the shell ended in: ${command}\n${output}`))));
    // The status of the command is the next one's `$?`, as in a terminal.
    child.stdin.write(`{ ${command}\n} </dev/null 2>&1\n__status=$?; printf '%s' '${MARK}'; (exit $__status)\n`);
  });
}
