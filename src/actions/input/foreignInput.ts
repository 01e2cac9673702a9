import { AyoError } from "../../error.ts";
import type { JsonSchema } from "./jsonSchema.ts";

type Json = Readonly<Record<string, unknown>>;

/** An input of another ticket server that none of ours is called: what it may be, and what it becomes. */
interface Foreign {
  readonly schema: JsonSchema;
  /** What is given in our words, where the rest of the input is known. */
  readonly into: (value: unknown, rest: Json) => Json;
}

const text = (description: string): JsonSchema => ({ type: "string", description });
const texts = (description: string): JsonSchema => ({ type: "array", items: { type: "string" }, description });

const FOREIGN = {
  comment_type: {
    schema: text("general, or what stands before the note: blocker"),
    into: (value, rest) => {
      const kind = wordOf("comment_type", value);
      return kind === "general"
        ? {}
        : noted(rest, (note) => `${kind.charAt(0).toUpperCase()}${kind.slice(1)}: ${note}`);
    },
  },
  mentions: {
    schema: texts("who is named with @ at the end of the note, where it does not already"),
    into: (value, rest) => {
      const names = wordsOf("mentions", value).map((name) => (name.startsWith("@") ? name : `@${name}`));
      return noted(rest, (note) => {
        const missing = names.filter((name) => !note.split(/[^\w@.-]+/).includes(name));
        return missing.length === 0 ? note : `${note}\n\n${missing.join(" ")}`;
      });
    },
  },
  updates: {
    schema: { type: "object", additionalProperties: { $ref: "#/components/schemas/Value" } },
    into: (value) => {
      if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Json;
      throw bad("updates", "updates is an object of fields and their values");
    },
  },
  conflict_description: {
    schema: text("the question"),
    into: (value) => ({ question: wordOf("conflict_description", value) }),
  },
  context: {
    schema: text("what one must know to answer"),
    into: (value, rest) => asked(rest, `Context: ${wordOf("context", value)}`),
  },
  potential_solutions: {
    schema: texts("answers to choose from"),
    into: (value, rest) => {
      const lines = wordsOf("potential_solutions", value).map((one) => `- ${one}`);
      return asked(rest, ["Possible answers:", ...lines].join("\n"));
    },
  },
  include_completed: {
    schema: { type: "boolean", description: "true: the archive too; false: only what is not finished" },
    into: (value, rest) => {
      const isWanted = { true: true, false: false, "1": true, "0": false }[String(value)];
      if (isWanted === undefined) throw bad("include_completed", `include_completed is true or false, not '${value}'`);
      if (isWanted) return { all: true };
      return { q: [rest.q ?? rest.query, "is:open"].filter((part) => part !== undefined).join(" ") };
    },
  },
  commit_message: { schema: text("not kept: git has it"), into: () => ({}) },
} as const satisfies Readonly<Record<string, Foreign>>;

/** A name of an input that another server has and no action of ours. */
export type ForeignName = keyof typeof FOREIGN;

/** What may be given under such a name. */
export function foreignSchema(name: ForeignName): JsonSchema {
  return FOREIGN[name].schema;
}

/** Input in which the foreign names that a route takes are put into our words, each as the name before left it. */
export function inOurWords(names: readonly ForeignName[], given: Json): Json {
  let input = given;
  for (const name of names) {
    const { [name]: value, ...rest } = input;
    if (value === undefined || value === null) continue;
    const { into }: Foreign = FOREIGN[name];
    const more = into(value, rest);
    const twice = Object.keys(more).find((key) => key in rest && !REWRITTEN.includes(key));
    if (twice !== undefined) throw bad(twice, `${twice} is given twice, also by ${name}`);
    input = { ...rest, ...more };
  }
  return input;
}

/** What a foreign name adds to rather than says. */
const REWRITTEN = ["text", "comment_text", "comment", "question", "q"];

function noted(rest: Json, write: (note: string) => string): Json {
  const name = ["comment_text", "comment", "text"].find((one) => typeof rest[one] === "string");
  return name === undefined ? {} : { [name]: write(rest[name] as string) };
}

function asked({ question }: Json, more: string): Json {
  return { question: typeof question === "string" ? `${question}\n\n${more}` : more };
}

function wordOf(name: string, value: unknown): string {
  if (typeof value === "string" && value.trim() !== "") return value.trim();
  throw bad(name, `${name} must be a text`);
}

function wordsOf(name: string, value: unknown): string[] {
  const words: unknown[] = Array.isArray(value) ? value : [value];
  if (words.every((word) => typeof word === "string")) return words as string[];
  throw bad(name, `${name} is a list of texts`);
}

function bad(field: string, message: string): AyoError {
  return new AyoError("bad_input", message, { data: { field } });
}
