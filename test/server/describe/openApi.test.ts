import { Validator } from "@seriousme/openapi-schema-validator";
import { describe, expect, test } from "vitest";
import { describeInput } from "../../../src/actions/input/action.ts";
import { docsPage } from "../../../src/server/describe/docs.ts";
import { openApi } from "../../../src/server/describe/openApi.ts";
import { loadRoutes } from "../../../src/server/routes/routes.ts";
import { startServe } from "../../helpers/serveProcess.ts";
import { tempStore } from "../../helpers/tempStore.ts";

const ROUTES = await loadRoutes();

const document = openApi(ROUTES, "1.0.0");

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

  test("every read but the stream has an ETag and can be a 304, and no change can", () => {
    const paths = Object.entries(document.paths as Record<string, Record<string, { responses: object }>>);
    const not = paths.flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, operation]) => {
        const { responses } = operation as { responses: Record<string, { headers?: object } | undefined> };
        const isRead = method === "get" && path !== "/events";
        const told = ["304" in responses, "ETag" in (responses[200]?.headers ?? {})];
        const asks = JSON.stringify(operation).includes('"If-None-Match"');
        return [...told, asks].every((one) => one === isRead) ? [] : [`${method} ${path}`];
      }),
    );
    expect(not).toEqual([]);
  });

  test.for(ROUTES)("tells of every input of $method $path", ({ method, path, action, inPath, sets = {} }) => {
    const operation = (document.paths as Record<string, Record<string, object>>)[path]?.[method];
    const told = JSON.stringify(operation);
    const names = describeInput(action.input).map(({ name }) => (name === "ids" ? "id" : name));
    const wanted = names.filter((name) => !(name in sets) && (name !== "id" || inPath.includes("id")));
    for (const name of wanted) expect(told).toContain(name === "ifMatch" ? "If-Match" : `"${name}"`);
  });
});
