// Makes src/search/data/words.bin from documentation of software (words/sources.mjs) and our thesaurus.
// Usage, on Debian 12 with 4 GB of memory: node --max-old-space-size=4000 .ci/wordTable.mjs FOLDER
// FOLDER keeps the sources, about 2 GB unpacked; what is there already is not fetched again. Takes two minutes, always the
// same bytes for the same sources and thesaurus.
import { writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { fetchSources } from "./words/fetch.mjs";
import { sourceList } from "./words/sources.mjs";
import { DIMENSIONS, tableOf } from "./words/table.mjs";
import { segments } from "./words/texts.mjs";
import { wordVectors } from "./words/vectors.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const data = path.join(root, "src/search/data");

/** Our own modules are TypeScript, which Node 20 does not read. */
async function ours(entry) {
  const bundle = await build({
    stdin: { contents: entry, resolveDir: path.join(root, "src/search") },
    bundle: true,
    platform: "node",
    format: "esm",
    write: false,
  });
  return import(`data:text/javascript;base64,${Buffer.from(bundle.outputFiles[0].text).toString("base64")}`);
}

const { hashWord, isStopWord, stem, THESAURUS, tokenize } = await ours(`
  export { hashWord } from "./meaning/wordTable.ts";
  export { isStopWord, stem, tokenize } from "./words/tokens.ts";
  export { THESAURUS } from "./words/thesaurus.ts";
`);
const groups = THESAURUS.trim()
  .split("\n")
  .map((line) => line.split(", ").map((phrase) => tokenize(phrase.replaceAll(/[-_/]/g, " "))))
  .map((group) => group.map((words) => words.filter((word) => !isStopWord(word))));
const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("say in which folder the sources are kept");
const found = [...segments(fetchSources(path.resolve(folder)))];
const said = found.map((words) => words.filter((word) => !isStopWord(word)));
const table = tableOf(wordVectors(said, DIMENSIONS), groups, { hashWord, stem });
writeFileSync(path.join(data, "words.bin"), table);
writeFileSync(path.join(data, "sources.txt"), sourceList());
process.stdout.write(`${found.length} paragraphs; ${table.length} bytes\n`);
