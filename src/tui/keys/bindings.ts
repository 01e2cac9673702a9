import type { App } from "../app/app.ts";

/** Something that keys do. */
export interface Deed {
  /** What it is called where keys are chosen: `close`, `move-right`. */
  readonly name: string;
  readonly keys: readonly string[];
  /** What `?` says of it. */
  readonly about: string;
  readonly group: string;
  readonly run: (app: App) => void | Promise<void>;
}

/** Which deed a key means; `waiting` where it is the first of two. */
export function deedFor(
  deeds: readonly Deed[],
  before: string,
  key: string,
): { readonly deed?: Deed | undefined; readonly waiting: string } {
  const whole = before === "" ? key : `${before} ${key}`;
  const deed = deeds.find(({ keys }) => keys.includes(whole));
  if (deed !== undefined) return { deed, waiting: "" };
  const isPrefix = deeds.some(({ keys }) => keys.some((one) => one.startsWith(`${whole} `)));
  if (isPrefix) return { waiting: whole };
  return before === "" ? { waiting: "" } : deedFor(deeds, "", key);
}
