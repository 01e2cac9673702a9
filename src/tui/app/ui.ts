import type { Span } from "../../ticket/printed/printedLines.ts";
import type { Data } from "../data/source.ts";
import type { Area } from "../draw/area.ts";
import type { Input } from "../keys/decode.ts";
import type { Cursor } from "../screen/frame.ts";

/** The views, in the order of their keys. */
export const VIEWS = ["columns", "list", "inbox", "agents", "tree", "graph", "projects"] as const;
export type ViewName = (typeof VIEWS)[number];

/** A line that the cursor can stand on. */
export interface Row {
  /** What the cursor remembers: a ticket's id, or what else the line is about. */
  readonly key: string;
  /** The ticket that commands mean there; "" for none. */
  readonly id: string;
}

/** Lines below each other. */
export interface Lane {
  readonly name: string;
  readonly rows: readonly Row[];
}

/** What stands above the view and has the keyboard: a list to choose from, a line to type, help. */
export interface Overlay {
  /** Draws it; where the terminal's cursor is to stand. */
  readonly draw: (area: Area) => Cursor;
  /** What came from the keyboard; true closes it. What is typed until a promise is kept comes after it. */
  readonly press: (input: Input) => boolean | Promise<boolean>;
}

/** What is told in the last line. */
export interface Message {
  readonly text: string;
  readonly tone: "good" | "error" | "plain";
}

/** The lines of what the cursor stands on. */
export interface Preview {
  readonly key: string;
  readonly title: string;
  readonly lines: (width: number) => readonly (readonly Span[])[];
  /** It grows at its end, which is what shows unless somebody has gone up. */
  readonly isLog?: boolean;
}

/** All that the screen shows. */
export interface Ui {
  view: ViewName;
  /** Who has the keys: the view, or what the cursor stands on. */
  pane: "main" | "preview";
  /** Whether the preview takes the whole screen. */
  isWhole: boolean;
  data: Data | undefined;
  lanes: readonly Lane[];
  filter: string;
  filterProblem: string;
  /** Where the cursor stands, in each view. */
  readonly cursors: Map<ViewName, { key: string; lane: number; at: number }>;
  /** The first line that is seen of each list. */
  readonly scrolls: Map<string, number>;
  readonly marks: Set<string>;
  readonly overlays: Overlay[];
  preview: Preview | undefined;
  previewScroll: number;
  /** Of a log: that its end shows, however it grows. */
  isAtEnd: boolean;
  message: Message | undefined;
  /** What was told before, the oldest first. */
  readonly told: (Message & { readonly at: Date })[];
  standing: "reading" | "live" | "lost";
  /** What keeps the store from being read. */
  trouble: string;
}

/** Scrolls what the cursor stands on; whoever goes up in a log leaves its end. */
export function scrollPreview(ui: Ui, step: number): void {
  ui.previewScroll += step;
  if (step < 0) ui.isAtEnd = false;
}

/** A screen on which nothing was read yet. */
export function newUi(): Ui {
  return {
    view: "columns",
    pane: "main",
    isWhole: false,
    data: undefined,
    lanes: [],
    filter: "",
    filterProblem: "",
    cursors: new Map(),
    scrolls: new Map(),
    marks: new Set(),
    overlays: [],
    preview: undefined,
    previewScroll: 0,
    isAtEnd: true,
    message: undefined,
    told: [],
    standing: "reading",
    trouble: "",
  };
}
