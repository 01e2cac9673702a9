import { Validator } from "@seriousme/openapi-schema-validator";
import { describe, expect, test } from "vitest";
import { describeInput } from "../../../src/actions/input/describeInput.ts";
import { docsPage } from "../../../src/server/describe/docs.ts";
import { openApi } from "../../../src/server/describe/openApi.ts";
import { loadRoutes } from "../../../src/server/routes/routes.ts";
import { generateClient } from "../../helpers/generatedClient.ts";
import { startServe } from "../../helpers/serveProcess.ts";
import { tempStore } from "../../helpers/tempStore.ts";

const ROUTES = await loadRoutes();

const document = openApi(ROUTES, "1.0.0");

/** Whether a part of the document is a schema that says nothing of what it holds. */
function isOpen(part: object, at: string): boolean {
  const { type, properties, additionalProperties, items } = part as Readonly<Record<string, unknown>>;
  const types = [type].flat();
  if (types.includes("object") && properties === undefined && additionalProperties === undefined) return true;
  if (types.includes("array") && items === undefined) return true;
  const isSchema = ["type", "$ref", "anyOf", "allOf", "enum"].some((word) => word in part);
  return /(?:schema|items|additionalProperties|properties\.\w+)$/.test(at) && !isSchema;
}

interface Lintable {
  readonly paths: Record<string, Record<string, { responses: object; summary: string; tags: string[] }>>;
  readonly components: Record<"schemas" | "responses" | "securitySchemes", object>;
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly security: readonly object[];
}

describe("the description of the interface", () => {
  test("is valid OpenAPI 3.1, and what the server hands out", async () => {
    const { dir } = await tempStore();
    const { ask } = await startServe(dir);
    const { json } = await ask("/api/openapi.json");
    const validator = new Validator();
    expect(await validator.validate(json)).toMatchObject({ valid: true });
    expect(validator.version).toBe("3.1");
    expect(Object.keys(json.paths)).toEqual(Object.keys(document.paths as object));
    const docs = await ask("/api/docs");
    expect(docs.headers["content-type"]).toContain("text/html");
    expect(docs.text).toBe(docsPage({ ...document, info: json.info }));
  });

  test("names every operation once and refers only to shapes that it has", () => {
    const text = JSON.stringify(document);
    const operations = [...text.matchAll(/"operationId":"(\w+)"/g)].map(([, id]) => id);
    expect(operations.length).toBe(new Set(operations).size);
    const { schemas } = document.components as { schemas: Record<string, unknown> };
    for (const [, name] of text.matchAll(/#\/components\/schemas\/(\w+)/g))
      expect(schemas).toHaveProperty([name as string]);
  });

  test("every read but the streams has an ETag and can be a 304, and no change can", () => {
    const paths = Object.entries(document.paths as Record<string, Record<string, { responses: object }>>);
    const not = paths.flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, operation]) => {
        const { responses } = operation as { responses: Record<string, { headers?: object } | undefined> };
        const isRead = method === "get" && !["/events", "/export"].includes(path);
        const told = ["304" in responses, "ETag" in (responses[200]?.headers ?? {})];
        const asks = JSON.stringify(operation).includes('"If-None-Match"');
        return [...told, asks].every((one) => one === isRead) ? [] : [`${method} ${path}`];
      }),
    );
    expect(not).toEqual([]);
  });

  test("is as linters want it: security, refusals by name, tags told, nothing unused, no address like another", () => {
    const { paths, components, tags, security } = document as unknown as Lintable;
    expect(security.every((one) => Object.keys(one).every((name) => name in components.securitySchemes))).toBe(true);
    expect(tags.every(({ description }) => description !== "")).toBe(true);
    const known = new Set(tags.map(({ name }) => name));
    const faults = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, operation]) => {
        const refused = Object.keys(operation.responses).filter((status) => status.startsWith("4"));
        const isWhole =
          refused.length >= 5 && operation.summary !== "" && operation.tags.every((tag) => known.has(tag));
        return isWhole ? [] : [`${method} ${path}`];
      }),
    );
    expect(faults).toEqual([]);
    const text = JSON.stringify(document);
    for (const kind of ["schemas", "responses"] as const)
      for (const name of Object.keys(components[kind])) expect(text).toContain(`"#/components/${kind}/${name}"`);
    const patterns = Object.keys(paths);
    const alike = (one: string, other: string): boolean => {
      const [left, right] = [one.split("/"), other.split("/")];
      return (
        left.length === right.length && left.every((word, at) => word === right[at] || (word + right[at]).includes("{"))
      );
    };
    const ambiguous = patterns.filter((one, at) =>
      patterns.some((other, place) => place < at && alike(one, other) && one.includes("{") && other.includes("{")),
    );
    // What programs written for Hephaestus call; fixed words go before ids.
    expect(ambiguous).toEqual(
      ["/tickets/stats/{workflow_id}", "/tickets/commit-diff/{commit_sha}"].sort(
        (a, b) => patterns.indexOf(a) - patterns.indexOf(b),
      ),
    );
  });

  test("leaves no value open for which a generated client would have no type", () => {
    const open: string[] = [];
    const walk = (schema: unknown, at: string): void => {
      if (typeof schema !== "object" || schema === null) return;
      if (isOpen(schema, at)) open.push(at);
      for (const [key, inner] of Object.entries(schema)) walk(inner, `${at}.${key}`);
    };
    const { paths, components } = document as { paths: object; components: { schemas: object } };
    walk(paths, "paths");
    for (const [name, schema] of Object.entries(components.schemas)) walk(schema, `properties.${name}`);
    expect(open).toEqual(["properties.Value.anyOf.4.items"]);
  });

  test.for(ROUTES)(
    "tells of every input of $method $path",
    ({ method, path, action, inPath, names: aliases, sets = {}, takesBytes }) => {
      const operation = (document.paths as Record<string, Record<string, object>>)[path]?.[method];
      const told = JSON.stringify(operation);
      const names = describeInput(action.input).map(({ name }) => (name === "ids" ? "id" : name));
      const wanted = names.filter((name) => !(name in sets) && (name !== "id" || inPath.includes("id")));
      // The address says `commit_sha` for `commit`.
      const renamed = inPath.flatMap((name) => aliases[name] ?? []);
      // What is in a file is its body.
      const inBody = takesBytes === undefined ? [] : [takesBytes, "text"];
      for (const name of wanted.filter((one) => !renamed.includes(one) && !inBody.includes(one)))
        expect(told).toContain(name === "ifMatch" ? "If-Match" : `"${name}"`);
    },
  );
});

// With tools from the npm registry, which the ordinary run does without.
if (process.env.AYO_LONG === "1") {
  test("redocly finds two addresses of Hephaestus' ambiguous and nothing else, and a generated client is typed", () => {
    expect(generateClient(document)).toEqual({
      problems: [
        ["no-ambiguous-paths", "warn"],
        ["no-ambiguous-paths", "warn"],
      ],
      errors: "",
      // Of any JSON.
      open: ["Value: string | number | boolean | null | unknown[] | {", "[key: string]: unknown;"],
    });
  }, 300_000);
}
