import { isDeepStrictEqual } from "node:util";
import { RULE_KEYS } from "./config.ts";

/** The block of config.yml that keeps rules as they were; ayo writes it last, and takes it away wherever it is. */
const BLOCK = /^unconfirmed:[^\n]*(?:\n|$)(?:[ \t]+[^\n]*(?:\n|$))*/m;

type Values = Readonly<Record<string, unknown>>;

/**
 * The text of config.yml with the rules that hold until a person confirms what was loosened by hand; without them
 * where there are none. Every other byte stays; only a file in a form that no block can be added to (a flow mapping, an
 * end of document) is written anew.
 */
export async function withUnconfirmed(text: string, kept: Values): Promise<string> {
  const edited = withBlock(text.replace(BLOCK, ""), kept);
  if (edited === text && !/unconfirmed/.test(text)) return text;
  const values = await valuesOf(text).catch(() => undefined);
  // What is broken already is not made worse; the next command tells of it.
  if (values === undefined) return edited;
  const { unconfirmed: _, ...rest } = values;
  const wanted = Object.keys(kept).length === 0 ? rest : { ...rest, unconfirmed: kept };
  const isRight = await valuesOf(edited).then(
    (read) => isDeepStrictEqual(plain(read), plain(wanted)),
    () => false,
  );
  if (isRight) return edited;
  const { formatYaml } = await import("../../../ticket/text/frontMatter.ts");
  return formatYaml(wanted);
}

function withBlock(rest: string, kept: Values): string {
  const eol = rest.includes("\r\n") ? "\r\n" : "\n";
  const lines = Object.entries(kept).map(([key, value]) => `  ${key}: ${JSON.stringify(value)}${eol}`);
  if (lines.length === 0) return rest;
  const head = `unconfirmed: # these hold until a person says 'ayo ticket confirm config'${eol}`;
  return `${rest}${rest === "" || rest.endsWith("\n") ? "" : eol}${head}${lines.join("")}`;
}

/** What keeps the rules `keys` as they were: their values in the text before, which may keep some itself. */
export async function keptRules(before: string, keys: readonly string[], columns: unknown): Promise<Values> {
  const written = await valuesOf(before);
  const raw: Values = { ...written, ...(written.unconfirmed as Values | undefined) };
  const board = raw.board as { readonly transitions?: unknown } | undefined;
  const values = RULE_KEYS.filter((key) => keys.includes(key)).map((key) => {
    if (key === "transitions") return [key, raw.transitions ?? board?.transitions] as const;
    // Where nothing is written, ayo's own board and rules hold.
    const own: Values = {
      board: { columns },
      questions: { defaults: "off" },
      ready: { deps: "closed" },
      verify: {},
      delegation: {},
    };
    return [key, raw[key] ?? own[key]] as const;
  });
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

async function valuesOf(text: string): Promise<Values> {
  const { parseYaml } = await import("../../../ticket/text/frontMatter.ts");
  return (parseYaml(text, { path: "config.yml", firstLine: 1 }) ?? {}) as Values;
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
