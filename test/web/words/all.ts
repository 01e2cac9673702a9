import { de as firstDe } from "../../../src/web/words/de.ts";
import { en as firstEn } from "../../../src/web/words/en.ts";
import { de as laterDe } from "../../../src/web/words/later/de.ts";
import { en as laterEn } from "../../../src/web/words/later/en.ts";

/** All words of the board in English. */
export const en = { ...firstEn, ...laterEn };
/** And in German. */
export const de = { ...firstDe, ...laterDe };
