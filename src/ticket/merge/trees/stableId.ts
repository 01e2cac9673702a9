import { hash } from "../../hash.ts";

const DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";
const LENGTH = 6;

/** A new id for a ticket whose id another has: the same on every machine, and none of those that are taken. */
export function stableId(id: string, birth: string, isTaken: (id: string) => boolean): string {
  const prefix = id.includes("-") ? id.slice(0, id.lastIndexOf("-")) : id;
  for (let turn = 0; ; turn++) {
    const fresh = `${prefix}-${digits(`${id}\n${birth}\n${turn}`)}`;
    if (!isTaken(fresh)) return fresh;
  }
}

/** Six digits of a text's hash (two runs of FNV-1a): no secret, only spread evenly. */
function digits(text: string): string {
  let number = hash(text, 0x811c9dc5) * 2 ** 20 + (hash(text, 0x01234567) % 2 ** 20);
  let made = "";
  while (made.length < LENGTH) {
    made += DIGITS[number % 36];
    number = Math.floor(number / 36);
  }
  return made;
}
