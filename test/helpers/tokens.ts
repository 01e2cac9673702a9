import { encode } from "gpt-tokenizer/encoding/o200k_base";

/** How many tokens a model reads in a text, or in a value as JSON; by a tokenizer of today's usual size. */
export function tokens(value: unknown): number {
  return encode(typeof value === "string" ? value : JSON.stringify(value)).length;
}
