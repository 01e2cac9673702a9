import { Ajv2020 } from "ajv/dist/2020.js";
import { openApi } from "../../src/server/describe/openApi.ts";
import { loadRoutes } from "../../src/server/routes/routes.ts";

type Json = Readonly<Record<string, unknown>>;

/** The document that the server hands out. */
export const DOCUMENT = openApi(await loadRoutes(), "1.0.0") as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Json>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Json>> };
};

/** A schema in which an object has no other keys than those that it tells of. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== "object" || schema === null) return schema;
  const all = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  return "properties" in all && !("additionalProperties" in all) ? { ...all, additionalProperties: false } : all;
}

const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addSchema({ $id: "api", components: closed(DOCUMENT.components) } as Json);

/** What of a value is not as its shape says, one line each. */
export function misfits(shape: string, value: unknown): string[] {
  const validate = ajv.getSchema(`api#/components/schemas/${shape}`);
  if (validate === undefined) return [`there is no shape ${shape}`];
  if (validate(value)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}

interface Operation {
  readonly responses: Record<string, { content?: Record<string, { schema: { $ref?: string } }>; $ref?: string }>;
}

/** The shape that an operation says it answers with, by status. */
export function shapeOf(path: string, method: string, status: number): string | undefined {
  const operation = DOCUMENT.paths[path]?.[method] as unknown as Operation | undefined;
  const response = operation?.responses[status];
  if (response?.$ref !== undefined) return "Problem";
  return response?.content?.["application/json"]?.schema.$ref?.split("/").at(-1);
}
