import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { OPERATIONS } from "../../src/actions/batch/operations.ts";
import { loadTools } from "../../src/mcp/tools.ts";
import { openApi } from "../../src/server/describe/openApi.ts";
import { loadRoutes } from "../../src/server/routes/routes.ts";
import { stdioClient } from "../helpers/mcpClient.ts";
import { startServe } from "../helpers/serveProcess.ts";
import { tempStore, writeTickets } from "../helpers/tempStore.ts";

const ROUTES = await loadRoutes();
const TOOLS = await loadTools();

const PERSONS_OWN = /\b(?:allow|deny|hooks)\b/;

test("nothing is allowed, denied or taken back by MCP, by REST or in a batch", async () => {
  for (const { name, action } of TOOLS) {
    expect(name.replaceAll("_", " ")).not.toMatch(PERSONS_OWN);
    expect(action.name).not.toMatch(PERSONS_OWN);
  }
  // To read of hooks lets none run.
  const found = ROUTES.filter(({ path: address, action }) => PERSONS_OWN.test(`${address} ${action.name}`));
  expect(found.map(({ method, action }) => [method, action.name, action.writes])).toEqual([
    ["get", "hooks list", false],
    ["get", "hooks log", false],
  ]);
  const { paths } = openApi(ROUTES, "1.0.0") as { paths: Record<string, object> };
  const described = Object.entries(paths).filter(([address]) => PERSONS_OWN.test(address));
  expect(described.map(([address, methods]) => [address, Object.keys(methods)])).toEqual([
    ["/hooks", ["get"]],
    ["/hooks/log", ["get"]],
  ]);
  expect(OPERATIONS.filter((name) => PERSONS_OWN.test(name))).toEqual([]);
});

test("REST and MCP say what a person is to type where a URL is not allowed, and send nothing", async () => {
  const store = await tempStore();
  writeTickets(store, { "a-1": "Build the login" });
  // Nobody listens there: a request would be told as one that failed.
  const config = 'search: {embeddings: {url: "http://127.0.0.1:9/v1", model: m}}\n';
  writeFileSync(path.join(store.tickets, "config.yml"), config);
  const notices = [
    "search.embeddings.url http://127.0.0.1:9/v1 is not allowed yet; run: ayo allow search.embeddings.url; until then nothing is sent there, and the builtin word vectors are used",
  ];
  const { ask } = await startServe(store.dir);
  const { status, json } = await ask("/api/search?q=login");
  expect([status, json.notices, json.tickets.map(({ id }: { id: string }) => id)]).toEqual([200, notices, ["a-1"]]);
  expect((await ask("/api/allow", { method: "POST", body: { all: true } })).status).toBe(404);
  const mcp = await stdioClient(store.dir);
  expect(await mcp.call("search_tickets", { query: "login" })).toMatchObject({ notices });
});
