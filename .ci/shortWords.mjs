// The words of the board have names for who writes: `say.inbox.nothing`. In the bundle a letter or two will do, in each
// language and wherever the word is asked for. Words of a section that are asked for by a name of the store's keep theirs.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseAst } from "rolldown/parseAst";

const WORDS = /[\\/]src[\\/]web[\\/]words[\\/](?:later[\\/])?[a-z]{2}\.ts$/;
const SOURCE = /[\\/]src[\\/]web[\\/].*\.tsx?$/;
const ASKS = /import \{[^}]*\bsay\b[^}]*\} from "[^"]*\/(?:words\/)?say\.ts"/;
/** Where sections and words without one have their names. */
const TOP = "";
const LETTERS = [..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"];

/** A plugin of rolldown; fails the build where `say` is used otherwise than it can see. */
export function shortWords(root) {
  const names = namesFor(path.join(root, "src/web"));
  const renamed = (code, keys) => {
    let short = code;
    // From the last one on: those before it stay where they are.
    for (const { section, key, start, end } of keys.filter(({ key }) => key !== undefined).reverse()) {
      const name = names.get(section)?.get(key);
      if (name !== undefined) short = short.slice(0, start) + name + short.slice(end);
    }
    return short;
  };
  return {
    name: "short words",
    transform: {
      filter: { id: SOURCE },
      handler: (code, id) => ({ code: renamed(code, WORDS.test(id) ? keysIn(code, id) : usesIn(code, id)) }),
    },
  };
}

/** Short names by section and key; what is asked for most has the shortest. */
function namesFor(web) {
  const counts = new Map();
  const whole = new Set();
  const files = readdirSync(web, { recursive: true, withFileTypes: true })
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => SOURCE.test(file) && !WORDS.test(file));
  for (const { section, key } of files.flatMap((file) => usesIn(readFileSync(file, "utf8"), file))) {
    if (key === undefined) whole.add(section);
    const keys = counts.get(section) ?? new Map();
    counts.set(section, keys.set(key, (keys.get(key) ?? 0) + 1));
  }
  return new Map(
    [...counts]
      .filter(([section]) => !whole.has(section))
      .map(([section, keys]) => {
        const sorted = [...keys].sort(([one, often], [other, seldom]) => seldom - often || (one < other ? -1 : 1));
        return [section, new Map(sorted.map(([key], n) => [key, nameOf(n)]))];
      }),
  );
}

function nameOf(n) {
  const more = Math.floor(n / LETTERS.length);
  return (more === 0 ? "" : LETTERS[more - 1]) + LETTERS[n % LETTERS.length];
}

/** Where a file asks for words: `say.section.key`, or without a key for all of a section. */
function usesIn(code, file) {
  if (!ASKS.test(code)) return [];
  if (/\bsay as \w/.test(code)) throw new Error(`${file}: say has its own name everywhere`);
  const uses = [];
  walk(parsed(code, file), [], (node, [parent, above]) => {
    if (node.type !== "Identifier" || node.name !== "say" || /^Import/.test(parent.type)) return;
    if (parent.type !== "MemberExpression" || parent.computed || parent.object !== node) {
      throw new Error(`${file}: say is only asked for words, at ${code.slice(parent.start, parent.end)}`);
    }
    const isKey = above?.type === "MemberExpression" && !above.computed && above.object === parent;
    const { name: section, start, end } = parent.property;
    uses.push({ section: TOP, key: section, start, end });
    uses.push(isKey ? { ...placeOf(above.property), section } : { section, start: end });
  });
  return uses.sort((left, right) => left.start - right.start);
}

/** The keys of a language, with where they stand. */
function keysIn(code, file) {
  const { declaration } = parsed(code, file).body.find(({ type }) => type === "ExportNamedDeclaration");
  let { init } = declaration.declarations[0];
  while (init.type !== "ObjectExpression") init = init.expression;
  return init.properties.flatMap(({ key, value }) => [
    { ...placeOf(key), section: TOP },
    ...(value.properties ?? []).map((inner) => ({ ...placeOf(inner.key), section: key.name })),
  ]);
}

function placeOf({ name, start, end }) {
  return { key: name, start, end };
}

function parsed(code, file) {
  return parseAst(code, { lang: path.extname(file).slice(1) });
}

/** Every node but those of types, with the nodes that it lies in, the innermost first. */
function walk(node, around, visit) {
  visit(node, around);
  for (const inner of Object.values(node).flat()) {
    if (typeof inner?.type !== "string" || (inner.type.startsWith("TS") && inner.expression === undefined)) continue;
    walk(inner, [node, ...around], visit);
  }
}
