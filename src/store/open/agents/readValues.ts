import { parseDuration } from "../../../ticket/time.ts";
import { isMapping } from "../config/configKeys.ts";

/** Takes down what is wrong at a path of the file; `undefined` stands for the value then. */
export type Tell = (path: readonly string[], fact: string) => undefined;

/** Reads values of a mapping, telling of each that is none of its kind. */
export class Values {
  readonly #tell: Tell;
  readonly #path: readonly string[];
  readonly #from: Readonly<Record<string, unknown>>;

  constructor(from: Readonly<Record<string, unknown>>, path: readonly string[], tell: Tell) {
    this.#from = from;
    this.#path = path;
    this.#tell = tell;
  }

  /** Tells of keys that there are not. */
  only(known: readonly string[]): this {
    for (const key of Object.keys(this.#from)) {
      if (!known.includes(key)) this.fail(key, `'${key}' is no key here; there are ${known.join(", ")}`);
    }
    return this;
  }

  /** Takes down what is wrong with a key's value. */
  fail(key: string, fact: string): undefined {
    return this.#tell([...this.#path, key], fact);
  }

  /** A text of one line. */
  text(key: string): string | undefined {
    const value = this.#value(key);
    if (value === undefined) return undefined;
    if (typeof value !== "string" || value.trim() === "" || /\p{Cc}/u.test(value))
      return this.fail(key, `${key} must be a text of one line`);
    return value;
  }

  /** Whether a key has a plain value. */
  isText(key: string): boolean {
    return !isMapping(this.#value(key));
  }

  /** A list of texts, or one of them. */
  texts(key: string): readonly string[] {
    const value = this.#value(key);
    if (value === undefined) return [];
    const list = Array.isArray(value) ? value : [value];
    if (list.every((one) => typeof one === "string" && one !== "" && !/\p{Cc}/u.test(one))) return list as string[];
    this.fail(key, `${key} must be a list of texts: [a, b]`);
    return [];
  }

  /** One of some words. */
  word<const T extends string>(key: string, allowed: readonly T[]): T | undefined {
    const value = this.#value(key);
    if (value === undefined) return undefined;
    const found = allowed.find((one) => one === value);
    return found ?? this.fail(key, `${key} must be one of ${allowed.join(", ")}`);
  }

  /** A whole number of at least one. */
  count(key: string, most: number): number | undefined {
    const value = this.#value(key);
    if (value === undefined) return undefined;
    const isCount = typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= most;
    return isCount ? value : this.fail(key, `${key} must be a whole number from 1 to ${most}`);
  }

  /** A number above nothing. */
  amount(key: string): number | undefined {
    const value = this.#value(key);
    if (value === undefined) return undefined;
    if (typeof value === "number" && Number.isFinite(value) && value > 0) return value;
    return this.fail(key, `${key} must be a number above 0`);
  }

  /** A duration, in milliseconds. */
  duration(key: string): number | undefined {
    const value = this.#value(key);
    if (value === undefined) return undefined;
    const parsed = typeof value === "string" ? parseDuration(value) : undefined;
    return parsed !== undefined && parsed > 0 ? parsed : this.fail(key, `${key} must be a duration such as 5m or 1h`);
  }

  /** What is below a key. */
  below(key: string): Values {
    return new Values(this.#mapping(key), [...this.#path, key], this.#tell);
  }

  /** The keys that have a value. */
  keys(): string[] {
    return Object.keys(this.#from).filter((key) => this.#value(key) !== undefined);
  }

  #mapping(key: string): Readonly<Record<string, unknown>> {
    const value = this.#value(key);
    if (value === undefined) return {};
    if (isMapping(value)) return value;
    this.fail(key, `${key} must be a mapping of keys to values`);
    return {};
  }

  #value(key: string): unknown {
    return (Object.hasOwn(this.#from, key) ? this.#from[key] : undefined) ?? undefined;
  }
}
