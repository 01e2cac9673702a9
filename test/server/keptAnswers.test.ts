import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { nextMoment } from "../../src/store/disk/sameState.ts";
import { CARD_FIELDS } from "../../src/ticket/cardFields.ts";
import { startServe } from "../helpers/serveProcess.ts";
import { tempStore } from "../helpers/tempStore.ts";

const TOKEN = "a-token-of-sixteen-or-more";
const BOARD = `/api/board?fields=${CARD_FIELDS}`;

test("an answer that is given again is never an old one: edits in place, ends of leases, commits beside tickets", async () => {
  const project = await tempStore();
  const [one, two] = [await project.ayo("ticket", "create", "One"), await project.ayo("ticket", "create", "Two")];
  await project.ayo("ticket", "claim", one, "--as", "bot", "--lease", "4s");
  const { ask } = await startServe(project.dir);
  const cards = async () => {
    const { json, headers } = await ask(BOARD);
    const all = json.columns.flatMap(({ tickets }: { tickets: Record<string, unknown>[] }) => tickets);
    return {
      all: new Map<string, Record<string, unknown>>(all.map((card: { id: string }) => [card.id, card])),
      headers,
    };
  };
  const first = await cards();
  expect(first.all.get(one)).toMatchObject({ claim: { by: "@bot" } });
  expect(first.headers["ayo-position"]).toMatch(/^[0-9a-f]{40}/);
  const again = await ask(BOARD, { headers: { "if-none-match": String(first.headers.etag) } });
  expect([again.status, again.bytes.length]).toEqual([304, 0]);
  // An editor that writes in place.
  const file = path.join(project.tickets, `${two}.md`);
  writeFileSync(file, readFileSync(file, "utf8").replace("# Two", "# Two, edited"));
  expect((await cards()).all.get(two)?.title).toBe("Two, edited");
  appendFileSync(file, "\n- [ ] one more\n");
  await expect.poll(async () => (await cards()).all.get(two)?.criteria, { timeout: 60_000 }).not.toBeUndefined();
  // Nobody changes anything, and the lease ends.
  await expect.poll(async () => (await cards()).all.get(one)?.claim, { timeout: 60_000 }).toBeNull();
  expect((await cards()).all.get(one)?.ready).toBe(true);
  // Another configuration.
  writeFileSync(
    path.join(project.tickets, "config.yml"),
    "board:\n  columns: [{id: later, category: todo}, open, {id: doing, category: active}, closed]\n",
  );
  await expect.poll(async () => (await ask(BOARD)).json.columns[0]?.id, { timeout: 60_000 }).toBe("later");
});

test("the next moment is the first that is still to come", () => {
  const now = Date.parse("2026-11-30T12:00:00Z");
  const marked = [
    { fields: { lease: "2026-11-30T11:00:00Z" } },
    { fields: { lease: "2026-11-30T13:00:00Z" } },
    { fields: { answerBy: "2026-11-30T12:30:00Z" } },
  ] as unknown as Parameters<typeof nextMoment>[0]["marked"];
  expect(nextMoment({ marked, now })).toBe(Date.parse("2026-11-30T12:30:00Z"));
  expect(nextMoment({ marked: [], now })).toBe(Number.POSITIVE_INFINITY);
});

test("a large board is made ready while the browser is on its way", async () => {
  const project = await tempStore();
  const lines = Array.from({ length: 1001 }, (_, n) => JSON.stringify({ id: `big-${n}`, title: `Ticket ${n}` }));
  writeFileSync(path.join(project.dir, "many.jsonl"), lines.join("\n"));
  await project.ayo("import", "many.jsonl");
  const server = await startServe(project.dir, ["--token"], { env: { AYO_TOKEN: TOKEN } });
  const { status, json } = await server.ask(BOARD, { headers: { authorization: `Bearer ${TOKEN}` } });
  expect(status).toBe(200);
  expect(json.columns[0].count).toBe(1001);
  // Whatever went wrong with it would have been said.
  expect(server.stderr()).not.toContain("warning");
});
