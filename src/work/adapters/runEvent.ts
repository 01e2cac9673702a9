/** What an agent's program says while it runs, in the same words for all programs. */
export type RunEvent =
  /** The name of its session, by which it can be resumed; and the program's version, where it tells it. */
  | { readonly type: "session"; readonly id: string; readonly version?: string }
  /** What the agent says to people. `isPart`: a line that goes on with the text before it. */
  | { readonly type: "text"; readonly text: string; readonly isPart?: true }
  /** What it says to itself. */
  | { readonly type: "thought"; readonly text: string }
  /** A tool that it uses: begun, or ended. What has an `id` may say its name at the beginning only. */
  | {
      readonly type: "tool";
      readonly phase: "begin";
      readonly id?: string;
      readonly name: string;
      readonly detail?: string;
    }
  | {
      readonly type: "tool";
      readonly phase: "end";
      readonly id?: string;
      readonly name?: string;
      readonly detail?: string;
      readonly ok?: boolean;
    }
  /** It tries again to reach its model: no progress. `isLogin`: no key, or a wrong one. */
  | { readonly type: "retry"; readonly why: string; readonly isLogin?: true }
  /**
   * What was used up since the last such event: tokens of every kind, and dollars where the program tells them.
   * `isTotal`: what its session has used up so far, earlier runs included; less than before is a count from nothing.
   */
  | { readonly type: "usage"; readonly tokens?: number; readonly cost?: number; readonly isTotal?: true }
  /** It was not allowed to do something. */
  | { readonly type: "denied"; readonly what: string }
  /** The end of its work, by its own account; of several the last counts. */
  | {
      readonly type: "end";
      readonly ok: boolean;
      readonly why?: string;
      /** Its last words; without them the last text is that. */
      readonly text?: string;
      /** Its answer to a schema, as it came: neither checked nor bounded. */
      readonly output?: unknown;
      /** Worth another try: the model was not there, or too busy. */
      readonly isTransient?: true;
      readonly isLogin?: true;
      /** There is no such session any more: only a new one helps. */
      readonly isSessionGone?: true;
    }
  /** A line that nobody understands. */
  | { readonly type: "raw"; readonly line: string };

/** The end of a program's work. */
export type EndEvent = Extract<RunEvent, { readonly type: "end" }>;

/** Whether something goes on: what says so puts off the end for standing still. */
export function isProgress({ type }: RunEvent): boolean {
  return type !== "retry" && type !== "denied" && type !== "raw";
}
