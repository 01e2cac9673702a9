import { AyoError } from "../../error.ts";
import { urlTrouble } from "../../store/allow/urls.ts";
import type { Config } from "../../store/open/config/config.ts";
import { CONFIG_FILE } from "../../store/open/config/values.ts";

/** `search:` and `duplicates:` in config.yml, with their defaults. */
export interface SearchSettings {
  readonly weights: { readonly semantic: number; readonly keyword: number };
  readonly embeddings: EmbeddingsSettings | undefined;
  /** Whether `create` refuses likely duplicates of agents. */
  readonly refuse: boolean;
}

/** Where vectors come from instead of the builtin table. The key is never in a file: AYO_EMBEDDINGS_KEY. */
export interface EmbeddingsSettings {
  readonly url: string;
  readonly model: string;
  readonly dimensions: number | undefined;
  /** Milliseconds. */
  readonly timeout: number;
}

type Mapping = Readonly<Record<string, unknown>>;

/**
 * The settings of search.
 * @throws bad_config naming the key and what is allowed
 */
export function searchSettings({ settings }: Config): SearchSettings {
  const search = mapping(settings.search, "search");
  const duplicates = mapping(settings.duplicates, "duplicates");
  const weights = mapping(search.weights, "search.weights");
  const semantic = weight(weights.semantic, "semantic", 0.7);
  const keyword = weight(weights.keyword, "keyword", 0.3);
  if (semantic + keyword === 0) throw bad("search.weights", "one of the weights must be above 0");
  const refuse = duplicates.refuse ?? false;
  if (typeof refuse !== "boolean") throw bad("duplicates.refuse", "must be true or false");
  return { weights: { semantic, keyword }, embeddings: embeddings(search.embeddings), refuse };
}

function embeddings(value: unknown): EmbeddingsSettings | undefined {
  if (value === undefined || value === null || value === "builtin") return undefined;
  const raw = mapping(value, "search.embeddings");
  const { url, model, dimensions, timeout = 10_000 } = raw;
  const trouble = urlTrouble(url, "search.embeddings.url");
  if (trouble !== undefined) throw bad("search.embeddings.url", trouble);
  if (typeof model !== "string" || model === "") throw bad("search.embeddings.model", "must name a model");
  const number = (name: string, given: unknown): number => {
    if (Number.isInteger(given) && Number(given) > 0) return Number(given);
    throw bad(`search.embeddings.${name}`, "must be a whole number from 1");
  };
  return {
    url: String(url),
    model,
    dimensions: dimensions === undefined ? undefined : number("dimensions", dimensions),
    timeout: number("timeout", timeout),
  };
}

function weight(value: unknown, name: string, fallback: number): number {
  if (value === undefined) return fallback;
  if (typeof value === "number" && value >= 0 && Number.isFinite(value)) return value;
  throw bad(`search.weights.${name}`, "must be a number from 0");
}

function mapping(value: unknown, name: string): Mapping {
  if (value === undefined || value === null) return {};
  if (typeof value !== "object" || Array.isArray(value)) throw bad(name, "must be a mapping of keys to values");
  return value as Mapping;
}

function bad(key: string, fact: string): AyoError {
  return new AyoError("bad_config", `${CONFIG_FILE}: ${key} ${fact}`, { data: { path: CONFIG_FILE, key } });
}
