import { AyoError } from "../../error.ts";
import type { Content } from "../answers/content.ts";
import { readObject } from "../routes/readBody.ts";
import { MOST_TEXTS } from "./mostTexts.ts";
import { readTexts, type ShownText } from "./readTexts.ts";

/**
 * Answers a page that asks for the trees of texts.
 * @throws bad_input for anything but texts
 */
export async function markdownAnswer(request: Request): Promise<Content> {
  const trees = await readTexts(textsOf(await readObject(request)));
  return {
    status: 200,
    headers: { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" },
    body: `{"schema":1,"trees":[${trees.join()}]}\n`,
  };
}

function textsOf({ texts }: Readonly<Record<string, unknown>>): ShownText[] {
  if (!Array.isArray(texts) || texts.length > MOST_TEXTS) throw bad(`a list of ${MOST_TEXTS} texts at the most`);
  return texts.map((one: unknown) => {
    const { text, isLine = false } = (one ?? {}) as Partial<ShownText>;
    if (typeof text !== "string" || typeof isLine !== "boolean") throw bad('a list of {"text": "…", "isLine": false}');
    return { text, isLine };
  });
}

function bad(wanted: string): AyoError {
  return new AyoError("bad_input", `texts is ${wanted}`, { data: { field: "texts" } });
}
