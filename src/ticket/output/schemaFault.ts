import { faultIn, type JsonFault, MAX_DEPTH, pointerPart } from "./readJson.ts";

/** The versions of JSON Schema that are known, by what `$schema` calls them. */
const DRAFTS: readonly (readonly [is: RegExp, draft: Draft])[] = [
  [/^https?:\/\/json-schema\.org\/draft-04\/schema#?$/, "4"],
  [/^https?:\/\/json-schema\.org\/draft-0[67]\/schema#?$/, "7"],
  [/^https?:\/\/json-schema\.org\/draft\/2019-09\/schema#?$/, "2019-09"],
  [/^https?:\/\/json-schema\.org\/draft\/2020-12\/schema#?$/, "2020-12"],
];

/** A version of JSON Schema. */
export type Draft = "4" | "7" | "2019-09" | "2020-12";

type Shape =
  | "schema"
  | "schemas"
  | "map"
  | "items"
  | "texts"
  | "text"
  | "number"
  | "list"
  | "pattern"
  | "type"
  | "dependencies";

/** What the words of a schema hold, as far as something could go wrong with it. */
const WORDS: ReadonlyMap<string, Shape> = new Map<string, Shape>([
  ...words("schema", "not if then else additionalProperties unevaluatedProperties propertyNames contains"),
  ...words("schema", "unevaluatedItems additionalItems"),
  ...words("schemas", "allOf anyOf oneOf prefixItems"),
  ...words("map", "properties patternProperties dependentSchemas $defs definitions"),
  ...words("items", "items"),
  ...words("texts", "required"),
  ...words("text", "format title description $comment $anchor"),
  ...words("number", "minimum maximum multipleOf minLength maxLength minItems maxItems minProperties maxProperties"),
  ...words("number", "minContains maxContains"),
  ...words("list", "enum examples"),
  ...words("pattern", "pattern"),
  ...words("type", "type"),
  ...words("dependencies", "dependencies"),
]);

const TYPES = ["null", "boolean", "object", "array", "number", "integer", "string"];

function words(shape: Shape, names: string): readonly (readonly [string, Shape])[] {
  return names.split(" ").map((name) => [name, shape] as const);
}

/** The version of JSON Schema that a schema is written in; undefined for one that is not known here. */
export function draftOf(schema: unknown): Draft | undefined {
  const named = isObject(schema) ? schema.$schema : undefined;
  if (named === undefined) return "2020-12";
  return typeof named === "string" ? DRAFTS.find(([is]) => is.test(named))?.[1] : undefined;
}

/**
 * Why a value is no schema that outputs can be held to; undefined for one that is. It stands for itself: what another file
 * or address has is never looked up.
 */
export function schemaFault(schema: unknown): JsonFault | undefined {
  const fault = faultIn(schema);
  if (fault !== undefined) return fault;
  if (typeof schema === "boolean") return undefined;
  if (!isObject(schema)) return { pointer: "", message: "is no JSON schema: that is an object" };
  if (draftOf(schema) === undefined) {
    return {
      pointer: "/$schema",
      message: "is no version known here: 2020-12, 2019-09, draft-07, draft-06 and draft-04 are",
    };
  }
  return faultOf(schema, "", { root: schema, refs: [] });
}

interface Looking {
  readonly root: Readonly<Record<string, unknown>>;
  readonly refs: readonly string[];
}

function faultOf(schema: unknown, pointer: string, looking: Looking): JsonFault | undefined {
  if (typeof schema === "boolean") return undefined;
  if (!isObject(schema)) return { pointer, message: "is no schema: an object, true or false" };
  const reference = referenceFault(schema, pointer, looking.root);
  if (reference !== undefined) return reference;
  for (const [word, value] of Object.entries(schema)) {
    const shape = WORDS.get(word);
    const fault = shape && SHAPES[shape](value, `${pointer}/${pointerPart(word)}`, looking);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

type Judge = (value: unknown, pointer: string, looking: Looking) => JsonFault | undefined;

const SHAPES: Readonly<Record<Shape, Judge>> = {
  schema: faultOf,
  schemas: (value, pointer, looking) =>
    Array.isArray(value) && value.length > 0
      ? firstFault(Object.entries(value), pointer, looking, faultOf)
      : { pointer, message: "is no list of schemas" },
  map: (value, pointer, looking) => {
    if (!isObject(value)) return { pointer, message: "is no object with schemas" };
    const names = pointer.endsWith("/patternProperties") ? Object.keys(value) : [];
    return (
      firstOf(names, (name) => patternFault(name, pointer)) ??
      firstFault(Object.entries(value), pointer, looking, faultOf)
    );
  },
  items: (value, pointer, looking) =>
    Array.isArray(value)
      ? firstFault(Object.entries(value), pointer, looking, faultOf)
      : faultOf(value, pointer, looking),
  texts: (value, pointer) => (areTexts(value) ? undefined : { pointer, message: "is no list of names" }),
  text: (value, pointer) => (typeof value === "string" ? undefined : { pointer, message: "is no text" }),
  number: (value, pointer) => (typeof value === "number" ? undefined : { pointer, message: "is no number" }),
  list: (value, pointer) => (Array.isArray(value) ? undefined : { pointer, message: "is no list" }),
  pattern: (value, pointer) =>
    typeof value === "string" ? patternFault(value, pointer) : { pointer, message: "is no text" },
  type: (value, pointer) => {
    const names = Array.isArray(value) ? value : [value];
    const isKnown = names.length > 0 && names.every((name) => TYPES.includes(name as string));
    return isKnown ? undefined : { pointer, message: `is no type: there are ${TYPES.join(", ")}` };
  },
  dependencies: (value, pointer, looking) => {
    if (!isObject(value)) return { pointer, message: "is no object" };
    const schemas = Object.entries(value).filter(([, one]) => !areTexts(one));
    return firstFault(schemas, pointer, looking, faultOf);
  },
};

function firstFault(
  entries: readonly (readonly [string, unknown])[],
  pointer: string,
  looking: Looking,
  judge: Judge,
): JsonFault | undefined {
  return firstOf(entries, ([key, value]) => judge(value, `${pointer}/${pointerPart(key)}`, looking));
}

function firstOf<T>(all: readonly T[], faultOfOne: (one: T) => JsonFault | undefined): JsonFault | undefined {
  for (const one of all) {
    const fault = faultOfOne(one);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function patternFault(pattern: string, pointer: string): JsonFault | undefined {
  try {
    new RegExp(pattern, "u");
    return undefined;
  } catch (error) {
    return { pointer, message: `is no pattern: ${(error as Error).message}` };
  }
}

/** Only what lies in the schema itself is referred to, and only from its top. */
function referenceFault(
  schema: Readonly<Record<string, unknown>>,
  pointer: string,
  root: unknown,
): JsonFault | undefined {
  const foreign = ["$dynamicRef", "$dynamicAnchor", "$recursiveRef", "$recursiveAnchor"].find((word) => word in schema);
  if (foreign !== undefined) return { pointer: `${pointer}/${foreign}`, message: "is not known here: use $ref" };
  const id = ["$id", "id"].find((word) => pointer !== "" && typeof schema[word] === "string");
  if (id !== undefined) return { pointer: `${pointer}/${id}`, message: "is only known at the top of a schema" };
  const { $ref: ref } = schema;
  if (ref === undefined) return undefined;
  const at = `${pointer}/$ref`;
  if (typeof ref !== "string" || !ref.startsWith("#")) {
    const named = typeof ref === "string" ? ` '${ref.slice(0, 100)}'` : "";
    return {
      pointer: at,
      message: `refers to${named} outside of the schema: only #/… is looked up, copy it into $defs`,
    };
  }
  return isThere(root, ref)
    ? undefined
    : { pointer: at, message: `refers to '${ref.slice(0, 100)}', which is not there` };
}

function isThere(root: unknown, ref: string): boolean {
  if (ref === "#" || ref === "#/") return ref === "#";
  if (!ref.startsWith("#/")) return hasAnchor(root, ref.slice(1), 0);
  let at: unknown = root;
  for (const part of ref.slice(2).split("/")) {
    const key = keyOf(part);
    const isBelow = typeof at === "object" && at !== null && key !== undefined && Object.hasOwn(at, key);
    if (!isBelow) return false;
    at = (at as Readonly<Record<string, unknown>>)[key];
  }
  return typeof at === "boolean" || isObject(at);
}

function keyOf(part: string): string | undefined {
  try {
    return decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~");
  } catch {
    // No such key, then.
    return undefined;
  }
}

function hasAnchor(value: unknown, name: string, depth: number): boolean {
  if (typeof value !== "object" || value === null || depth > MAX_DEPTH) return false;
  if ((value as { readonly $anchor?: unknown }).$anchor === name) return true;
  return Object.values(value).some((child) => hasAnchor(child, name, depth + 1));
}

function areTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
