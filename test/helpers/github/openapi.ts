import { readFileSync } from "node:fs";
import path from "node:path";
import { Ajv, type ValidateFunction } from "ajv";

type Json = Readonly<Record<string, unknown>>;
interface Operation {
  readonly parameters?: readonly { readonly $ref?: string; readonly name?: string; readonly in?: string }[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly $ref?: string; readonly content?: Content }>>;
}
type Content = Readonly<Record<string, { readonly schema: Json }>>;
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, Json>>>>;
}

const DOCUMENT = withNulls(
  JSON.parse(readFileSync(path.join(import.meta.dirname, "github.subset.openapi.json"), "utf8")),
) as Document;
const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: false });
ajv.addSchema({ ...DOCUMENT, $id: "github" });
const checks = new Map<string, ValidateFunction>();

/** OpenAPI 3.0 says `nullable` where JSON Schema has a type. */
function withNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withNulls);
  if (typeof value !== "object" || value === null) return value;
  const { nullable, ...rest } = value as Json;
  const all = Object.fromEntries(Object.entries(rest).map(([key, one]) => [key, withNulls(one)]));
  return nullable === true ? { anyOf: [all, { type: "null" }] } : all;
}

/** What of a JSON pointer is a step of its own. */
const step = (key: string): string => encodeURIComponent(key.replaceAll("~", "~0").replaceAll("/", "~1"));

function check(pointer: readonly string[], value: unknown): string | undefined {
  const $ref = `github#/${pointer.map(step).join("/")}`;
  const validate = checks.get($ref) ?? ajv.compile({ $ref });
  checks.set($ref, validate);
  return validate(value) ? undefined : ajv.errorsText(validate.errors);
}

function component<T>(one: T & { readonly $ref?: string }): { readonly at: readonly string[]; readonly value: T } {
  const [, kind = "", name = ""] = /^#\/components\/([^/]+)\/(.+)$/.exec(one.$ref ?? "") ?? [];
  return one.$ref === undefined
    ? { at: [], value: one }
    : { at: ["components", kind, name], value: DOCUMENT.components[kind]?.[name] as T };
}

/** An operation of GitHub's, as its description has it. */
export interface Route {
  /** `PATCH /repos/{owner}/{repo}/issues/{issue_number}` */
  readonly name: string;
  readonly params: Readonly<Record<string, string>>;
  /** What is wrong with a request. */
  readonly offence: (query: URLSearchParams, body: unknown) => string | undefined;
  /** What is wrong with an answer. */
  readonly wrong: (status: number, body: unknown) => string | undefined;
}

/** The operation of a request; undefined where GitHub has none. */
export function routeOf(method: string, pathname: string): Route | undefined {
  const given = pathname.split("/");
  for (const [at, methods] of Object.entries(DOCUMENT.paths).sort(([a], [b]) => fixed(b) - fixed(a))) {
    const operation = methods[method.toLowerCase()];
    const parts = at.split("/");
    const isIt = parts.every((part, n) => (part.startsWith("{") ? /^.+$/.test(given[n] ?? "") : part === given[n]));
    if (operation === undefined || parts.length !== given.length || !isIt) continue;
    const named = parts.flatMap((part, n) => (part.startsWith("{") ? [[part.slice(1, -1), given[n] ?? ""]] : []));
    const pointer = ["paths", at, method.toLowerCase()];
    return {
      name: `${method} ${at}`,
      params: Object.fromEntries(named) as Record<string, string>,
      offence: (query, body) => offenceOf(operation, pointer, query, body),
      wrong: (status, body) => wrongIn(operation, pointer, status, body),
    };
  }
  return undefined;
}

/** Parts of a path that stand for themselves: `/issues/comments` is no issue called comments. */
const fixed = (at: string): number => at.split("/").filter((part) => !part.startsWith("{")).length;

function offenceOf(
  operation: Operation,
  pointer: readonly string[],
  query: URLSearchParams,
  body: unknown,
): string | undefined {
  const names = (operation.parameters ?? []).map((one) => component(one).value.name);
  const unknown = [...query.keys()].find((name) => !names.includes(name));
  if (unknown !== undefined) return `there is no parameter ${unknown}`;
  const { requestBody } = operation;
  if (requestBody === undefined) return body === undefined ? undefined : "a body that nobody reads";
  if (body === undefined) return requestBody.required ? "a body is missing" : undefined;
  const { schema } = requestBody.content["application/json"] ?? { schema: {} };
  const properties = propertiesOf(schema);
  const extra = Object.keys(body as Json).find((key) => !properties.includes(key));
  if (extra !== undefined) return `there is no ${extra} in a body`;
  return check([...pointer, "requestBody", "content", "application/json", "schema"], body);
}

function propertiesOf(schema: Json): string[] {
  const parts = [...((schema.oneOf ?? schema.anyOf ?? []) as Json[]).flatMap(propertiesOf)];
  return [...parts, ...Object.keys((schema.properties ?? {}) as Json)];
}

function wrongIn(
  { responses }: Operation,
  pointer: readonly string[],
  status: number,
  body: unknown,
): string | undefined {
  const response = responses[String(status)];
  // What is not there is not found, whether or not the description says so.
  if (response === undefined) return status === 404 ? undefined : `${status} is no answer of it`;
  const { at, value } = component(response);
  const [type] = Object.keys(value.content ?? {});
  if (type === undefined) return body === undefined ? undefined : "an answer that has no words";
  const base = at.length > 0 ? at : [...pointer, "responses", String(status)];
  return check([...base, "content", type, "schema"], body);
}

const PLAIN: Readonly<Record<string, unknown>> = { string: "x", integer: 0, number: 0, boolean: false, array: [] };

/** A value of one of GitHub's schemas with all that it must have; `over` says what it really is. */
export function filled(name: string, over: Json): Json {
  const { required = [], properties = {} } = (DOCUMENT.components.schemas?.[name] ?? {}) as {
    readonly required?: readonly string[];
    readonly properties?: Readonly<Record<string, Json>>;
  };
  const madeUp = (key: string): unknown => {
    const { type, anyOf, $ref } = properties[key] ?? {};
    return anyOf === undefined && $ref === undefined ? PLAIN[String(type)] : null;
  };
  return { ...Object.fromEntries(required.map((key) => [key, madeUp(key)])), ...over };
}
