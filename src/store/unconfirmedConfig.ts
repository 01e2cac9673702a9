import { RULE_KEYS } from "./config.ts";

/** The block of config.yml that keeps rules as they were; ayo writes it last, and takes it away wherever it is. */
const BLOCK = /^unconfirmed:.*\n?(?:[ \t]+.*\n?|[ \t]*#.*\n?)*/m;

/**
 * The text of config.yml with the rules that hold until a person confirms what was loosened by hand; without them
 * where there are none. Every other byte stays.
 */
export function withUnconfirmed(text: string, kept: Readonly<Record<string, unknown>>): string {
  const rest = text.replace(BLOCK, "");
  const lines = Object.entries(kept).map(([key, value]) => `  ${key}: ${JSON.stringify(value)}\n`);
  if (lines.length === 0) return rest;
  const head = "unconfirmed: # these hold until a person says 'ayo ticket confirm config'\n";
  return `${rest}${rest === "" || rest.endsWith("\n") ? "" : "\n"}${head}${lines.join("")}`;
}

/** What keeps the rules `keys` as they were: their values in the text before, which may keep some itself. */
export async function keptRules(before: string, keys: readonly string[]): Promise<Record<string, unknown>> {
  const { parseYaml } = await import("../ticket/frontMatter.ts");
  const written = (parseYaml(before, { path: "config.yml", firstLine: 1 }) ?? {}) as Record<string, unknown>;
  const raw = { ...written, ...(written.unconfirmed as Record<string, unknown> | undefined) };
  const board = raw.board as { readonly transitions?: unknown } | undefined;
  const values = RULE_KEYS.filter((key) => keys.includes(key)).map((key) => {
    const value = key === "transitions" ? (raw.transitions ?? board?.transitions) : raw[key];
    return [key, value] as const;
  });
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}
