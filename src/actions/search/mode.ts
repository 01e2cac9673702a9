import type { SearchType } from "../../search/search.ts";

/** The ways to look. */
export const MODES = ["hybrid", "keyword", "semantic"] as const satisfies readonly SearchType[];

interface HowAndWhat {
  readonly mode?: SearchType | undefined;
  readonly type?: string | string[] | undefined;
}

/** An input whose `type` is types of tickets. */
export type WithMode<I extends HowAndWhat> = Omit<I, "type"> & { readonly type?: string[] };

/** `type: keyword`, as the mode was called before, still means it where tickets have no such type. */
export function withMode<I extends HowAndWhat>(input: I, types: readonly string[]): WithMode<I> {
  const { type = [], ...rest } = input;
  const wanted = [type].flat();
  const mode = MODES.find((one) => one === wanted[0]);
  const isMode = wanted.length === 1 && rest.mode === undefined && mode !== undefined && !types.includes(mode);
  return isMode ? { ...rest, mode } : { ...rest, type: wanted };
}
