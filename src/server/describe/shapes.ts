import type { JsonSchema } from "../../actions/input/jsonSchema.ts";
import { CATEGORIES } from "../../ticket/rules/board.ts";

/** A text. */
export const text: JsonSchema = { type: "string" };
/** A text, or null. */
export const maybe: JsonSchema = { type: ["string", "null"] };
/** A whole number, or null. */
export const maybeCount: JsonSchema = { type: ["integer", "null"], minimum: 0 };
/** A time, or null. */
export const time: JsonSchema = { type: ["string", "null"], description: "2026-11-21T03:40:00Z" };
/** A list of texts. */
export const texts: JsonSchema = { type: "array", items: text };
/** True or false. */
export const flag: JsonSchema = { type: "boolean" };
/** A number of things. */
export const count: JsonSchema = { type: "integer", minimum: 0 };
/** A number that may have a fraction. */
export const number: JsonSchema = { type: "number" };
/** The version of the shapes. */
export const schema: JsonSchema = { type: "integer", const: 1 };
/** What a column means; null where a status is no column. */
export const category: JsonSchema = { type: ["string", "null"], enum: [...CATEGORIES, null] };

/** A shape by its name. */
export const ref = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });
/** A list of them. */
export const listOf = (items: JsonSchema, description?: string): JsonSchema => ({
  type: "array",
  items,
  ...(description === undefined ? {} : { description }),
});
/** One, or null. */
export const orNull = (one: JsonSchema): JsonSchema => ({ anyOf: [one, { type: "null" }] });
/** One of these words. */
export const oneOf = (...words: readonly string[]): JsonSchema => ({ type: "string", enum: words });
/** A schema with a sentence about it. */
export const about = (description: string, one: JsonSchema): JsonSchema => ({ ...one, description });
/** Any keys, with values of one kind. */
export const mapOf = (values: JsonSchema): JsonSchema => ({ type: "object", additionalProperties: values });

type Properties = Readonly<Record<string, JsonSchema>>;

/** An object with these keys, and where they are set with those of `optional`. */
export const shape = (required: Properties, optional: Properties = {}): JsonSchema => ({
  type: "object",
  properties: { ...required, ...optional },
  required: Object.keys(required),
});

/** Each answer says which version of the shapes it has. */
export const answer = (required: Properties, optional: Properties = {}): JsonSchema =>
  shape({ schema, ...required }, optional);
