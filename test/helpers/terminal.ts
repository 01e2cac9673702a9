import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import xterm from "@xterm/headless";
import { inject, onTestFinished } from "vitest";
import { type Env, hermeticEnv, sharedHome } from "./hermeticEnv.ts";
import { CLI } from "./runCli.ts";
import { tempDir } from "./tempDir.ts";
import { bytesOf } from "./terminalKeys.ts";

/** A terminal as a test wants it. */
export interface TerminalOptions {
  readonly cols?: number;
  readonly rows?: number;
  readonly env?: Env;
  /** Words after `ayo tui`. */
  readonly args?: readonly string[];
  /** What runs on it instead: a shell, say. */
  readonly program?: readonly string[];
  /** What the shell that starts it does with its streams: `>&-`. */
  readonly redirect?: string;
  /** How the pipe to the emulator is read: so many bytes every so many milliseconds, as a slow line brings them. */
  readonly slow?: { readonly bytes: number; readonly everyMs: number };
  /** So long each way: what is written arrives, and what is typed, only then. In milliseconds. */
  readonly delayMs?: number;
}

/** How a cell looks. */
export interface CellLook {
  readonly text: string;
  readonly width: number;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly inverse: boolean;
  readonly underline: boolean;
  /** A palette's index, `#rrggbb`, or "" for the terminal's own. */
  readonly fg: string;
  readonly bg: string;
}

/** What a terminal has switched on. */
export interface Modes {
  readonly alternate: boolean;
  readonly mouse: boolean;
  readonly paste: boolean;
  readonly focus: boolean;
  readonly wrap: boolean;
  readonly cursor: boolean;
}

/** The modes of a terminal that nothing has changed. */
export const PLAIN_MODES: Modes = {
  alternate: false,
  mouse: false,
  paste: false,
  focus: false,
  wrap: true,
  cursor: true,
};

/** The built `ayo tui` on a pseudo-terminal of `script`, whose other end is an emulator. */
export interface TestTerminal {
  /** The lines that show, without the blanks at their ends. */
  screen(): string[];
  /** The same as one text. */
  text(): string;
  /** Where the terminal's cursor stands. */
  cursor(): { readonly x: number; readonly y: number };
  cell(x: number, y: number): CellLook;
  /** Resolves with the screen's text as soon as it fits. @throws with the screen if it never does */
  untilScreen(fits: string | RegExp | ((text: string) => boolean)): Promise<string>;
  /** Types keys by their names (`j`, `enter`, `ctrl+d`, `g h`) one after the other. */
  type(...keys: readonly string[]): void;
  /** Types a text letter by letter. */
  write(text: string): void;
  /** Sends bytes as they are. */
  send(bytes: string): void;
  paste(text: string): void;
  /** Presses and releases at a cell, or turns the wheel there. */
  mouse(x: number, y: number, what?: "press" | "up" | "down"): void;
  resize(cols: number, rows: number): void;
  modes(): Modes;
  /** `stty -a` of the terminal now. */
  stty(): string;
  /** What came before the program began, and after it ended. */
  readonly sttyBefore: () => string;
  readonly sttyAfter: () => string;
  /** All that was written to it. */
  output(): string;
  frames(): number;
  /** What the terminal was asked for: titles, answers, bells. */
  readonly effects: readonly string[];
  /** The process of `ayo`. */
  pid(): number;
  /** False when it has ended. */
  kill(signal: NodeJS.Signals): boolean;
  /** Takes the terminal away, as a window that is closed. */
  hangUp(): void;
  /** The exit code once it has ended. */
  readonly code: Promise<number>;
}

/** Opens one; it is gone when the test is finished. */
export async function openTerminal(cwd: string, options: TerminalOptions = {}): Promise<TestTerminal> {
  const buildError = inject("buildError");
  if (buildError !== "") throw new Error(buildError);
  const dir = tempDir();
  const { cols = 80, rows = 24 } = options;
  const emulator = emulatorOf(cols, rows);
  const child = start(cwd, dir, options);
  const note = (name: string): string => readNote(path.join(dir, name));
  const { output } = feed(child, emulator, options);
  await emulator.until(
    () => note("tty") !== "" && note("pid") !== "",
    () => "no terminal",
  );
  const { term } = emulator;
  const screen = (): string[] =>
    Array.from({ length: term.rows }, (_, y) => term.buffer.active.getLine(y + term.buffer.active.viewportY))
      .map((line) => line?.translateToString(true) ?? "")
      .map((line) => line.trimEnd());
  const text = (): string => screen().join("\n");
  const { delayMs = 0 } = options;
  const send = (bytes: string): void => {
    if (delayMs === 0) child.stdin?.write(bytes);
    else setTimeout(() => child.stdin?.write(bytes), delayMs);
  };
  const pid = (): number => Number(note("pid"));
  return {
    screen,
    text,
    cursor: () => ({ x: term.buffer.active.cursorX, y: term.buffer.active.cursorY }),
    cell: (x, y) => lookOf(term, x, y),
    untilScreen: async (fits) => {
      const isThere = (): boolean => fitsText(text(), fits);
      await emulator.until(isThere, () => `never ${String(fits)} in\n${text()}`);
      return text();
    },
    type: (...keys) => {
      for (const key of keys) for (const part of key.split(" ")) send(bytesOf(part));
    },
    write: send,
    send,
    paste: (pasted) => send(`\u001b[200~${pasted}\u001b[201~`),
    mouse: (x, y, what = "press") => {
      const at = `${x + 1};${y + 1}`;
      if (what === "press") send(`\u001b[<0;${at}M\u001b[<0;${at}m`);
      else send(`\u001b[<${what === "up" ? 64 : 65};${at}M`);
    },
    resize: (width, height) => {
      term.resize(width, height);
      execFileSync("stty", ["-F", note("tty").trim(), "cols", String(width), "rows", String(height)]);
    },
    modes: emulator.modes,
    stty: () => execFileSync("stty", ["-F", note("tty").trim(), "-a"], { encoding: "utf8" }),
    sttyBefore: () => note("before"),
    sttyAfter: () => note("after"),
    output,
    frames: () => output().split("\u001b[?2026h").length - 1,
    effects: emulator.effects,
    pid,
    kill: (signal) => sendSignal(pid(), signal),
    hangUp: () => void child.kill("SIGKILL"),
    code: new Promise((resolve) => {
      child.once("close", (code) => emulator.idle().then(() => resolve(Number(note("code") || (code ?? -1)))));
    }),
  };
}

/** Notes of what the terminal was like, and who runs there. */
const SCRIPT = [
  'stty cols "$COLS" rows "$ROWS"',
  'stty -a > "$NOTES/before"',
  'tty > "$NOTES/tty"',
  'sh -c \'echo $$ > "$NOTES/pid"; exec "$@" REDIRECT\' sh PROGRAM',
  "code=$?",
  'stty -a > "$NOTES/after"',
  'echo "$code" > "$NOTES/code"',
  'exit "$code"',
].join("\n");

function start(cwd: string, dir: string, options: TerminalOptions): ChildProcess {
  const { cols = 80, rows = 24, env, args = [], program, redirect = "" } = options;
  const words = program ?? [process.execPath, CLI, "tui", ...args];
  const quoted = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  const { NO_COLOR: _, ...hermetic } = hermeticEnv(env?.HOME ?? sharedHome());
  const child = spawn(
    "script",
    ["-qfec", SCRIPT.replace("PROGRAM", () => quoted).replace("REDIRECT", redirect), "/dev/null"],
    {
      cwd,
      env: {
        ...hermetic,
        SHELL: "/bin/sh",
        TERM: "xterm-256color",
        ...env,
        COLS: String(cols),
        ROWS: String(rows),
        NOTES: dir,
      },
    },
  );
  child.stdin?.on("error", () => {});
  onTestFinished(() => {
    child.kill("SIGKILL");
    const pid = Number(readNote(path.join(dir, "pid")));
    if (pid > 0 && child.exitCode === null) sendSignal(pid, "SIGKILL");
  });
  return child;
}

function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

function readNote(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

function feed(child: ChildProcess, emulator: ReturnType<typeof emulatorOf>, { slow, delayMs = 0 }: TerminalOptions) {
  const parts: Buffer[] = [];
  const take = (part: Buffer): void => {
    parts.push(part);
    if (delayMs === 0) emulator.write(part);
    else setTimeout(() => emulator.write(part), delayMs);
  };
  const { stdout } = child;
  if (slow === undefined) stdout?.on("data", take);
  else {
    const timer = setInterval(() => {
      const part = (stdout?.read(slow.bytes) ?? stdout?.read()) as Buffer | null;
      if (part !== null && part !== undefined) take(part);
    }, slow.everyMs);
    onTestFinished(() => clearInterval(timer));
    stdout?.once("close", () => clearInterval(timer));
  }
  // A terminal answers what it is asked.
  emulator.onAnswer((text) => void child.stdin?.write(text));
  return { output: () => Buffer.concat(parts).toString() };
}

function fitsText(text: string, fits: string | RegExp | ((text: string) => boolean)): boolean {
  if (typeof fits === "string") return text.includes(fits);
  return fits instanceof RegExp ? fits.test(text) : fits(text);
}

const NEVER_MS = 60_000;

function emulatorOf(cols: number, rows: number) {
  const term = new xterm.Terminal({ cols, rows, allowProposedApi: true, scrollback: 0 });
  const effects: string[] = [];
  let isCursorShown = true;
  const watchers = new Set<() => void>();
  const show = (isShown: boolean) => (params: (number | number[])[]) => {
    if (params.includes(25)) isCursorShown = isShown;
    return false;
  };
  term.parser.registerCsiHandler({ prefix: "?", final: "h" }, show(true));
  term.parser.registerCsiHandler({ prefix: "?", final: "l" }, show(false));
  term.onTitleChange((title) => effects.push(`title ${title}`));
  term.onBell(() => effects.push("bell"));
  term.onData((answer) => effects.push(`answer ${JSON.stringify(answer)}`));
  for (const id of [4, 8, 9, 10, 11, 12, 52, 104, 133, 777, 1337])
    term.parser.registerOscHandler(id, (data) => effects.push(`osc ${id} ${data}`) < 0);
  return {
    term,
    effects,
    onAnswer: (answer: (text: string) => void) => void term.onData(answer),
    write: (part: Uint8Array) =>
      term.write(part, () => {
        for (const check of watchers) check();
      }),
    idle: () => new Promise<void>((resolve) => term.write("", resolve)),
    until: (isThere: () => boolean, problem: () => string): Promise<void> =>
      new Promise((resolve, reject) => {
        const end = (done: () => void): void => {
          watchers.delete(check);
          clearTimeout(timer);
          clearInterval(ticks);
          done();
        };
        const check = (): void => {
          if (isThere()) end(resolve);
        };
        const timer = setTimeout(() => end(() => reject(new Error(problem()))), NEVER_MS);
        const ticks = setInterval(check, 20);
        watchers.add(check);
        check();
      }),
    modes: (): Modes => ({
      alternate: term.buffer.active.type === "alternate",
      mouse: term.modes.mouseTrackingMode !== "none",
      paste: term.modes.bracketedPasteMode,
      focus: term.modes.sendFocusMode,
      wrap: term.modes.wraparoundMode,
      cursor: isCursorShown,
    }),
  };
}

function lookOf(term: InstanceType<typeof xterm.Terminal>, x: number, y: number): CellLook {
  const cell = term.buffer.active.getLine(y)?.getCell(x);
  if (cell === undefined) throw new Error(`no cell ${x},${y}`);
  const colour = (isDefault: boolean, isRgb: boolean, value: number): string =>
    isDefault ? "" : isRgb ? `#${value.toString(16).padStart(6, "0")}` : String(value);
  return {
    text: cell.getChars(),
    width: cell.getWidth(),
    bold: cell.isBold() !== 0,
    dim: cell.isDim() !== 0,
    inverse: cell.isInverse() !== 0,
    underline: cell.isUnderline() !== 0,
    fg: colour(cell.isFgDefault(), cell.isFgRGB(), cell.getFgColor()),
    bg: colour(cell.isBgDefault(), cell.isBgRGB(), cell.getBgColor()),
  };
}
