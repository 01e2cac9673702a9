import { mkdirSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { loadRoutes } from "../../src/server/routes/routes.ts";
import { startServe } from "../helpers/serveProcess.ts";
import { tempStore } from "../helpers/tempStore.ts";

async function served() {
  const project = await tempStore();
  return { project, ...(await startServe(project.dir)) };
}

const LINES = { "content-type": "application/x-ndjson" };

test("what one server exports another imports, by lines or as a text, and no path is read", async () => {
  const [one, other] = [await served(), await served()];
  const id = await one.project.ayo("ticket", "create", "Ä first", "-d", "Text.\n\nMore.");
  const done = await one.project.ayo("ticket", "create", "Done", "--deps", id);
  await one.project.ayo("ticket", "close", id, done, "-m", "ok");
  const { text, headers } = await one.ask("/api/export");
  expect(headers["content-type"]).toBe("application/x-ndjson; charset=utf-8");
  expect(text).toBe(`${await one.project.ayo("export")}\n`);
  expect((await one.ask("/api/export?fields=id,title")).text.split("\n").slice(0, 2).sort()).toEqual(
    [`{"id":"${id}","title":"Ä first"}`, `{"id":"${done}","title":"Done"}`].sort(),
  );
  expect((await one.ask("/api/export?format=markdown")).text).toContain("Ä first");
  const taken = await other.ask("/api/import", { method: "POST", body: text, headers: LINES });
  expect(taken.json).toMatchObject({ from: "jsonl", imported: 2, needYou: [] });
  expect((await other.ask(`/api/tickets/${id}`)).json.ticket).toMatchObject({ title: "Ä first", status: "closed" });
  const again = await other.ask("/api/import", { body: { text: text.replace("Ä first", "Ö first"), dryRun: true } });
  expect(again.json).toMatchObject({ dryRun: true, updated: 1, unchanged: 1 });
  for (const [body, why] of [
    [{ path: "/etc/passwd" }, "there is no field 'path' here"],
    [{ text: "x", path: "-" }, "there is no field 'path' here"],
    [{}, "text is missing"],
  ] as const) {
    const { status, json } = await other.ask("/api/import", { body });
    expect([status, json.detail]).toEqual([400, expect.stringContaining(why)]);
  }
  // Long lists come in one piece; everything else is refused from a mebibyte on.
  const long = Array.from(
    { length: 40 },
    (_, n) => `${JSON.stringify({ id: `x-${n}`, title: `T${n}`, body: "x".repeat(40_000) })}\n`,
  );
  const many = await other.ask("/api/import", { method: "POST", body: long.join(""), headers: LINES });
  expect(many.json).toMatchObject({ imported: 40 });
  expect((await other.ask("/api/batch", { method: "POST", body: long.join(""), headers: LINES })).status).toBe(413);
  expect((await other.ask("/api/batch", { method: "POST", body: "{}", headers: LINES })).status).toBe(415);
  other.project.judge();
});

test("a recap that is read leaves no trace, and one that is posted does", async () => {
  const { project, ask } = await served();
  const look = async (method: string) => (await ask("/api/recap", method === "POST" ? { body: {} } : {})).json.from;
  const found = [await look("GET"), await look("GET"), await look("POST"), await look("GET"), await look("POST")];
  expect(found).toEqual(["first_look", "first_look", "first_look", "last_look", "last_look"]);
  const id = await project.ayo("ticket", "create", "One");
  await project.ayo("ticket", "close", id);
  expect((await ask("/api/recap")).json.closed).toEqual([expect.objectContaining({ id })]);
});

test("what is wrong is found without a change, and mended on demand", async () => {
  const { project, ask } = await served();
  const id = await project.ayo("ticket", "create", "One");
  const other = await project.ayo("ticket", "create", "Two");
  project.write(id, project.text(id).replace("links: []", "links: [zzz-1234]"));
  await project.ayo("ticket", "note", other, "x");
  const found = (await ask("/api/doctor")).json;
  expect([found.ok, found.fixed, found.commit]).toEqual([false, [], null]);
  const before = project.subjects();
  expect((await ask("/api/doctor")).json.findings).toEqual(found.findings);
  expect(project.subjects()).toEqual(before);
  const mended = (await ask("/api/doctor", { body: {} })).json;
  expect([mended.ok, mended.fixed.length]).toEqual([true, 1]);
  expect(project.text(id)).toContain("links: []");
  expect((await ask("/api/doctor?fix=true")).status).toBe(400);
  project.judge();
});

test("tickets that wait for each other are found, and who holds what is told", async () => {
  const { project, ask } = await served();
  const one = await project.ayo("ticket", "create", "One", "-a", "@ops");
  const two = await project.ayo("ticket", "create", "Two", "--deps", one);
  const held = await project.ayo("ticket", "create", "Held");
  await project.ayo("ticket", "claim", held, "--as", "@coder");
  expect((await ask("/api/agents")).json.agents).toEqual([
    { name: "@coder", worktree: null, holds: [expect.objectContaining({ id: held })], assigned: 0 },
    { name: "@ops", worktree: null, holds: [], assigned: 1 },
  ]);
  const whoami = await ask("/api/agents/whoami", { headers: { "x-agent-id": "coder" } });
  expect(whoami.json).toMatchObject({ actor: { name: "@coder", agent: true }, holds: [{ id: held }] });
  const primed = await ask("/api/agents/prime", { headers: { "x-agent-id": "coder" } });
  expect(primed.json).toMatchObject({ actor: "@coder", holdsTotal: 1, text: expect.stringContaining(held) });
  project.write(one, project.text(one).replace("deps: []", `deps: [${two}]`));
  await project.ayo("ticket", "note", held, "x");
  const { cycles } = (await ask("/api/cycles")).json;
  expect(cycles.map((cycle: string[]) => [...new Set(cycle)].sort())).toEqual([[one, two].sort()]);
});

test("hooks are told of, and nothing here lets one run", async () => {
  const { project, ask } = await served();
  const id = await project.ayo("ticket", "create", "One");
  mkdirSync(`${project.tickets}/hooks`, { recursive: true });
  writeFileSync(`${project.tickets}/hooks/ticket.closed`, "#!/bin/sh\necho told\n", { mode: 0o755 });
  const [hook] = (await ask("/api/hooks")).json.hooks;
  expect(hook).toMatchObject({ event: "ticket.closed", path: "hooks/ticket.closed" });
  await ask(`/api/tickets/${id}/close`, { body: {} });
  expect((await ask("/api/hooks/log")).json.runs).toEqual([]);
  await project.ayo("hooks", "allow", "--all");
  await ask(`/api/tickets/${id}/reopen`, { body: {} });
  await ask(`/api/tickets/${id}/close`, { body: {} });
  const { runs } = (await ask("/api/hooks/log")).json;
  expect(runs).toEqual([expect.objectContaining({ hook: "hooks/ticket.closed", ok: true, output: "told\n" })]);
  const routes = (await loadRoutes()).map(({ path }) => path);
  expect(routes.filter((path) => /allow|deny|install|hooks\/run/.test(path))).toEqual([]);
  for (const path of ["/api/hooks/allow", "/api/allow", "/api/hooks/run"])
    expect((await ask(path, { body: { all: true } })).status).toBe(404);
});
