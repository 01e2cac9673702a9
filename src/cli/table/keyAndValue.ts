import { AyoError } from "../../error.ts";

/**
 * `key=value` as a pair, for `--set` and its like.
 * @throws bad_usage naming the flag
 */
export function keyAndValue(flag: string, text: string): [string, string] {
  const at = text.indexOf("=");
  if (at < 1) throw new AyoError("bad_usage", `--${flag} '${text}' is not of the form key=value`);
  return [text.slice(0, at), text.slice(at + 1)];
}
