// What people wrote in files of documentation: paragraphs of pages, and comments of declarations, without code.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { NPM_LEFT_OUT, NPM_PARTS } from "./sources.mjs";

const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " ", "#39": "'", mdash: "-", ndash: "-" };
const BLOCK =
  /<\/?(?:p|div|li|ul|ol|dl|dt|dd|h[1-6]|td|th|tr|table|section|article|blockquote|br|title|nav|main)\b[^>]*>/gi;

/** The paragraphs of a page in HTML. */
function paragraphsOfHtml(text) {
  return text
    .replaceAll(/<(script|style|pre|head|nav|svg)\b[\s\S]*?<\/\1>/gi, "\n")
    .replaceAll(/\s+/g, " ")
    .replaceAll(BLOCK, "\n")
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll(/&([a-z]+|#39);/g, (_, name) => ENTITIES[name] ?? " ")
    .split("\n");
}

/** Those of Markdown and of plain text: what stands between blank lines, items of lists each for itself. */
function paragraphsOfText(text) {
  return text
    .replaceAll(/^ *(```|~~~)[\s\S]*?^ *\1/gm, "\n\n")
    .replaceAll(/^ {4,}\S.*$/gm, "")
    .replaceAll(/^(import|export) .*$/gm, "")
    .replaceAll(/\]\([^)\s]*\)/g, "]")
    .replaceAll(/<[^>]*>/g, " ")
    .split(/\n\s*\n|\n(?=\s*[-*#|])/);
}

/** Those of the comments that declarations have. */
function paragraphsOfComments(text) {
  return [...text.matchAll(/\/\*\*([\s\S]*?)\*\//g)].flatMap(([, comment]) =>
    comment
      .replaceAll(/^\s*\* ?/gm, "")
      .replaceAll(/```[\s\S]*?(```|$)/g, "\n\n")
      .replaceAll(/\{@link\s+([^}\s]*)[^}]*\}/g, "$1")
      .replaceAll(/<(\/?)(p|li|ul|ol|br|note|important|dl|dt|dd|h\d)\b[^>]*>/gi, "\n\n")
      .replaceAll(/<[^>]*>/g, "")
      .replaceAll(/^@(example)[\s\S]*/gm, "")
      .replaceAll(/^@\w+( \{[^}]*\})?( \S+ -)?/gm, "\n\n")
      .split(/\n\s*\n|\n(?=\s*[-*])/),
  );
}

function paragraphsOfMessages(text) {
  return Object.values(JSON.parse(text)).map(({ message }) => message);
}

function paragraphsOf(file) {
  const bytes = readFileSync(file);
  const text = (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  const name = file.replace(/\.gz$/, "");
  if (name.endsWith(".html")) return paragraphsOfHtml(text);
  if (/\.d\.m?ts$/.test(name)) return paragraphsOfComments(text);
  return name.endsWith(".json") ? paragraphsOfMessages(text) : paragraphsOfText(text);
}

function filesIn(place, isPart) {
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => isPart(path.relative(place, file)))
    .sort();
}

/** The words of every different paragraph of the sources, in order; names of code in parts. */
export function* segments({ debian, npm }) {
  const seen = new Set();
  const sources = [
    ...debian.map(({ place, parts }) => filesIn(place, (file) => parts.test(file))),
    ...npm.map(({ place }) => filesIn(place, (file) => NPM_PARTS.test(file) && !NPM_LEFT_OUT.test(file))),
  ];
  for (const paragraph of sources.flat().flatMap(paragraphsOf)) {
    const words = paragraph
      .replaceAll(/https?:\S+/g, " ")
      .replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ")
      .toLowerCase()
      .match(/[a-z][a-z0-9]*(?:\+\+|#)?|\d+[a-z]+\d*/g);
    if (words === null || words.length < 4) continue;
    const key = words.join(" ");
    if (seen.has(key)) continue;
    seen.add(key);
    yield words;
  }
}
