import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { tempDir } from "./tempDir.ts";

const TOOLS = ["@redocly/cli@2.77.0", "openapi-typescript@7.13.0", "openapi-fetch@0.17.0", "typescript@5.9.3"];

/** What somebody writes who has the description alone. */
const CLIENT = `
import createClient from "openapi-fetch";
import type { components, paths } from "./types.ts";
const api = createClient<paths>({ baseUrl: "http://localhost:4737/api", headers: { "X-Agent-ID": "coder" } });
const made = await api.POST("/tickets", { body: { title: "One", tags: ["a"] }, params: { header: { "Idempotency-Key": "k" } } });
export const id: string | undefined = made.data?.ticket.id;
const shown = await api.GET("/tickets/{id}", { params: { path: { id: "x" } } });
export const notes: readonly components["schemas"]["Note"][] | undefined = shown.data?.ticket.notes;
export const code: components["schemas"]["Problem"]["code"] | undefined = shown.error?.code;
const body = { assignee: null, due: null, extra: { size: { w: 1, tags: ["x", null] }, sold: true } };
const patched = await api.PATCH("/tickets/{id}", { params: { path: { id: "x" } }, body });
export const custom: components["schemas"]["Value"] | undefined = patched.data?.tickets[0]?.extra["size"];
const operations = [{ op: "create" as const, name: "n", title: "Two" }, { op: "note" as const, id: "$n", text: "x" }];
const batched = await api.POST("/batch", { body: { operations } });
export const names: string | undefined = batched.data?.names["n"];
const stats = await api.GET("/stats", {});
export const done: number | undefined = stats.data?.weeks[0]?.done;
const pairs = await api.GET("/duplicates", {});
export const score: number | undefined = pairs.data?.pairs[0]?.score;
const tree = await api.GET("/tickets/{id}/tree", { params: { path: { id: "x" } } });
export const lines: string[] | undefined = tree.data?.lines;
const closed = await api.POST("/tickets/{id}/close", { params: { path: { id: "x" } }, body: { message: "done" } });
export const ready: string[] | undefined = closed.data?.nowReady.map((one) => one.id);
`;

const CONFIG = {
  compilerOptions: {
    ...{ strict: true, noEmit: true, noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true },
    ...{ target: "es2022", module: "esnext", moduleResolution: "bundler", allowImportingTsExtensions: true },
    ...{ types: [], lib: ["es2022", "dom"] },
  },
  files: ["client.ts", "types.ts"],
};

/** What a linter and a compiler say. */
export interface Said {
  /** What redocly's recommended rules find: the rule and how bad it is. */
  readonly problems: readonly (readonly [rule: string, severity: string])[];
  /** What TypeScript says of a client that uses the generated types. */
  readonly errors: string;
  /** Lines of those types that leave a value open. */
  readonly open: readonly string[];
}

/** Lints a description of OpenAPI and makes a client of it, with tools from the npm registry. */
export function generateClient(document: object): Said {
  const cwd = tempDir();
  const run = (command: string, ...args: string[]) => execFileSync(command, args, { cwd, encoding: "utf8" });
  writeFileSync(`${cwd}/package.json`, JSON.stringify({ type: "module", private: true }));
  run("npm", "install", "--no-audit", "--no-fund", "--silent", ...TOOLS);
  writeFileSync(`${cwd}/openapi.json`, JSON.stringify(document));
  const linted = spawnSync("npx", ["redocly", "lint", "openapi.json", "--format=json"], { cwd, encoding: "utf8" });
  const { problems } = JSON.parse(linted.stdout) as { problems: { ruleId: string; severity: string }[] };
  run("npx", "openapi-typescript", "openapi.json", "--output", "types.ts");
  writeFileSync(`${cwd}/client.ts`, CLIENT);
  writeFileSync(`${cwd}/tsconfig.json`, JSON.stringify(CONFIG));
  const compiled = spawnSync("npx", ["tsc", "-p", "."], { cwd, encoding: "utf8" });
  const open = readFileSync(`${cwd}/types.ts`, "utf8")
    .split("\n")
    // Fields that are called so, and headers, which may have any name, are none.
    .filter((line) => /: (?:string \| .*)?(?:unknown|Record<string, never>)/.test(line))
    .filter((line) => !line.includes("[name: string]: unknown"))
    .map((line) => line.trim());
  return {
    problems: problems.map(({ ruleId, severity }) => [ruleId, severity]),
    errors: `${compiled.status === 0 ? "" : "failed: "}${compiled.stdout}`,
    open,
  };
}
