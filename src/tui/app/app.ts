import type { Store } from "../../store/open/store.ts";
import type { Span } from "../../ticket/printed/printedLines.ts";
import { areaOf, type Zone } from "../draw/area.ts";
import type { Glyphs } from "../draw/theme.ts";
import type { Input } from "../keys/decode.ts";
import type { Cursor } from "../screen/frame.ts";
import type { Terminal } from "../screen/terminal.ts";
import type { Message, Overlay, Ui, ViewName } from "./ui.ts";

/** What a command said. */
export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** What the full-screen board has of the world around it. */
export interface Outside {
  /** What it begins with. */
  readonly filter: string;
  readonly view: string;
  readonly store: Store;
  /** Runs `ayo` with these words, in this process; what it prints comes back. */
  readonly run: (argv: readonly string[], input?: string) => Promise<Said>;
  /** The same in a process of its own: for what takes seconds, while this one goes on answering. */
  readonly runApart: (argv: readonly string[]) => Promise<Said>;
  /** Opens a ticket on the board in the browser; answers with its address. */
  readonly browse: (id: string) => Promise<string>;
  /** The same on the terminal itself: editors, pagers. */
  readonly runHere: (argv: readonly string[], isKept: boolean) => Promise<Said>;
  /** Runs a line in the user's shell, on the terminal or not. */
  readonly shell: (line: string, isHere: boolean) => Promise<Said>;
  /** Where a file of the store is. */
  readonly pathOf: (path: string) => string;
  /** Stops this process, as ^Z does, until it is continued. */
  readonly suspend: () => Promise<void>;
  /** Follows the store until `until` is done. */
  readonly watch: (onChange: () => void, until: Promise<unknown>) => Promise<void>;
  /** Resolves when the process is asked to end. */
  readonly untilSignal: Promise<void>;
  /** What may follow what was typed of a command. */
  readonly complete: (words: readonly string[]) => Promise<readonly string[]>;
}

/** The words of a command. */
export type Line = readonly string[];

/** The full-screen board while it runs: what its parts need of each other. */
export interface App {
  readonly ui: Ui;
  readonly outside: Outside;
  readonly terminal: Terminal;
  /** Draws a frame when all that waits was done. */
  redraw(): void;
  say(text: string, tone?: Message["tone"]): void;
  open(overlay: Overlay): void;
  /** Keeps what is typed until something is done; ^C does not wait for it. */
  hold(work: Promise<unknown>): void;
  /** Shows what was known before, if anything. */
  begin(): Promise<void>;
  /** Reads the store anew. */
  refresh(): Promise<void>;
  /** Does what needs the terminal for itself, such as an editor. */
  away(work: () => Promise<unknown>): Promise<void>;
  /** Lets a command open the user's editor, and tells what it says then. */
  edit(argv: readonly string[]): Promise<void>;
  /**
   * Runs a command that changes something after those asked for before, and tells what it says; its words may be made
   * then. The cursor goes to a ticket that it `makes`.
   */
  do(argv: Line | (() => Line | undefined), options?: { readonly makes?: boolean }): Promise<void>;
  /** Goes to a view. */
  show(view: ViewName): Promise<void>;
  /** The cursor has moved: what it stands on is read once it rests. */
  moved(): void;
  openRow(): void;
  filter(text: string): Promise<void>;
  /** The same, once nothing more is typed for a moment. */
  filterSoon(text: string): void;
  copy(text: string): void;
  /** Asks for any command, with words to begin with. */
  askCommand(text?: string): void;
  /** Reads the commands for keys that come with the store, as far as they are allowed. */
  readStoreKeys(): Promise<void>;
  /** What was told, and when. */
  showMessages(): void;
  help(): void;
  suspend(): Promise<void>;
  quit(): void;
  /** What was typed before. */
  readonly histories: { readonly filter: string[]; readonly command: string[] };
  /** How a line that is no ticket looks; undefined for one that is. */
  lineOf(key: string): readonly Span[] | undefined;
  /** The command that a line of the inbox asks for. */
  actOf(key: string): string;
  /** What an empty view says. */
  emptyText(): string;
  /** What keys do here, the first ones first. */
  keyHints(): readonly string[];
}

/** Draws the whole screen: the view, and what stands above it. */
export type DrawAll = (area: ReturnType<typeof areaOf>, app: App) => void;

const TWICE_MS = 400;

/** Draws frames when they are wanted, one for all that happened meanwhile, and gives keys and mouse to whom they belong. */
export function frames(app: App, glyphs: Glyphs, draw: DrawAll, onKey: (input: Input) => void) {
  const { ui, terminal } = app;
  let zones: Zone[] = [];
  let isWanted = false;
  let lastPress = { at: 0, zone: "" };
  const drawNow = (): void => {
    isWanted = false;
    zones = [];
    const area = areaOf({ cells: terminal.begin(), styles: terminal.styles, glyphs, zones });
    draw(area, app);
    let cursor: Cursor;
    for (const overlay of ui.overlays) cursor = overlay.draw(area);
    terminal.show(cursor);
  };
  const redraw = (): void => {
    if (isWanted) return;
    isWanted = true;
    setImmediate(drawNow);
  };
  const mouse = (input: Extract<Input, { kind: "mouse" }>): void => {
    const { what, x, y, button } = input;
    const hit = zones.filter(
      (zone) => x >= zone.x && x < zone.x + zone.width && y >= zone.y && y < zone.y + zone.height,
    );
    if (what === "up" || what === "down")
      hit.findLast(({ onWheel }) => onWheel !== undefined)?.onWheel?.(what === "up" ? -1 : 1);
    const pressed = what === "press" && button === 0 ? hit.findLast(({ onPress }) => onPress !== undefined) : undefined;
    if (pressed === undefined) return;
    const now = performance.now();
    const zone = `${pressed.x},${pressed.y}`;
    pressed.onPress?.(lastPress.zone === zone && now - lastPress.at < TWICE_MS);
    lastPress = { at: now, zone };
  };
  let held: Input[] | undefined;
  const hold = (work: Promise<unknown>): void => {
    const own: Input[] = [];
    held = own;
    const goOn = (): void => {
      if (held !== own) return;
      held = undefined;
      for (const one of own) take(one);
      redraw();
    };
    void work.finally(goOn);
  };
  const close = (overlay: Overlay): void => {
    const at = ui.overlays.indexOf(overlay);
    if (at >= 0) ui.overlays.splice(at, 1);
  };
  const press = (overlay: Overlay, input: Input): void => {
    const answer = overlay.press(input);
    if (answer === true) close(overlay);
    else if (answer !== false) hold(answer.then((isOver) => (isOver ? close(overlay) : undefined)));
  };
  const take = (input: Input): void => {
    const top = ui.overlays.at(-1);
    // Whoever does not want to wait says so.
    if (held !== undefined && input.kind === "key" && input.key === "ctrl+c") held = undefined;
    else if (held !== undefined) held.push(input);
    else if (input.kind === "mouse") mouse(input);
    else if (top === undefined) onKey(input);
    else press(top, input);
    redraw();
  };
  /** Once what was wanted until now shows. */
  const shown = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  return { redraw, take, hold, shown };
}
