import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { importTickets } from "../../../src/actions/import/import.ts";
import { closeTickets, createTicket, type Store } from "../../../src/index.ts";
import { runHere } from "../../helpers/runHere.ts";
import { tempStore } from "../../helpers/tempStore.ts";

const SCHEMA = { type: "object", required: ["n"] };

/** A store with two tickets, of which one is finished and has an output, and what an export of it is. */
async function desk(output: unknown = { n: 1 }, schema: Record<string, unknown> = SCHEMA) {
  const project = await tempStore();
  const store = project.open();
  const made = async (title: string): Promise<string> =>
    (await createTicket(store, { title, outputSchema: schema, schemaName: "plan" })).ticket.id;
  const [done, open] = [await made("Done"), await made("Open")];
  await closeTickets(store, { ids: [done], output });
  const lines = async (...args: string[]) => runHere(project.dir, ["export", ...args]);
  return { project, store, done, open, lines, tickets: project.tickets };
}

async function other() {
  const project = await tempStore();
  const at = (file: string): string => path.join(project.tickets, file);
  const take = (input: { path?: string; text?: string; as?: string }) =>
    importTickets.run(project.open(), { path: "-", ...input });
  return { project, at, take };
}

async function shown(store: Store, id: string) {
  const { showTicket } = await import("../../../src/index.ts");
  const answer = await showTicket(store, { id });
  return "problem" in answer ? undefined : answer.ticket;
}

describe("outputs and schemas", () => {
  test.each([[{ n: 1, text: "x".repeat(600_000) }], [null], [""], ["a".repeat(40)], [[]]])(
    "come along with an export as JSON lines, whatever the output is",
    async (output) => {
      const { lines, done, open, tickets } = await desk(output, {});
      const { stdout, code } = await lines();
      expect(code).toBe(0);
      const records = stdout.trim().split("\n");
      expect(records.filter((line) => line.includes('"outputSchemaJson"'))).toHaveLength(1);
      const { project, at, take } = await other();
      const { notices, imported, withExtraFields } = await take({ text: stdout });
      expect([notices, imported, withExtraFields]).toEqual([[], 2, 0]);
      for (const file of [`outputs/${done}.json`, "schemas/plan.json", `${open}.md`]) {
        expect(readFileSync(at(file), "utf8"), file).toBe(readFileSync(path.join(tickets, file), "utf8"));
      }
      expect(await shown(project.open(), done)).toMatchObject({ output, outputState: "valid" });
      expect(await take({ text: stdout })).toMatchObject({ imported: 0, unchanged: 2 });
      project.judge();
    },
  );

  test("come along with a folder of ayo's", async () => {
    const { done, tickets } = await desk();
    const { project, take } = await other();
    expect(await take({ path: tickets })).toMatchObject({
      imported: 2,
      notices: [`left in ${tickets}: config.yml`],
    });
    expect(await shown(project.open(), done)).toMatchObject({ output: { n: 1 }, outputState: "valid" });
    project.judge();
  });

  test("are exported as they were handed in, and told where nobody has them", async () => {
    const { lines, done, tickets } = await desk();
    writeFileSync(path.join(tickets, `outputs/${done}.json`), '{"n": 2}');
    writeFileSync(path.join(tickets, "schemas/plan.json"), "{");
    const { stdout, stderr, code } = await lines();
    expect([code, stderr]).toEqual([1, expect.stringContaining("schemas/plan.json")]);
    expect(JSON.parse(stdout.split("\n").find((line) => line.includes(done)) ?? "")).toMatchObject({
      output: { n: 1 },
    });
    writeFileSync(
      path.join(tickets, `${done}.md`),
      readFileSync(path.join(tickets, `${done}.md`), "utf8").replace(/^output: .*/m, `output: ${"1".repeat(40)}`),
    );
    expect((await lines()).stderr).toContain(`outputs/${done}.json: is not what was handed in`);
  });

  test("never take the place of others, and are what they say", async () => {
    const { lines, done, tickets } = await desk();
    const { stdout } = await lines();
    const { project, at, take } = await other();
    mkdirSync(at("schemas"));
    writeFileSync(at("schemas/plan.json"), '{"type": "null"}');
    const { notices } = await take({ text: stdout });
    expect(notices).toContain("schema plan is not imported: schemas/plan.json is here already and says something else");
    expect(readFileSync(at("schemas/plan.json"), "utf8")).toBe('{"type": "null"}');
    expect(await shown(project.open(), done)).toMatchObject({ outputState: "unverified" });

    const line = (more: object): string => `${JSON.stringify({ id: "x-1", title: "X", status: "open", ...more })}\n`;
    const told = async (more: object) => {
      const { needYou, notices: said } = await take({ text: line(more) });
      return [...needYou.map(({ message }) => message), ...said].join("\n");
    };
    const outputId = "1".repeat(40);
    expect(await told({ output: "x".repeat(1_100_000), outputId })).toContain("is longer than 1 MiB");
    expect(await told({ outputSchema: "../x", outputSchemaJson: {} })).toContain("no name of a schema");
    expect(await told({ outputSchema: "x", outputSchemaJson: { $ref: "https://x.example" } })).toContain(
      "/$ref refers to",
    );
    expect(await told({ outputSchema: "PLAN", outputSchemaJson: {} })).toContain("only in case");
    expect(existsSync(at("schemas/x.json"))).toBe(false);

    const fourth = await other();
    const swapped = await fourth.take({ text: stdout.replace('"output":{"n":1}', '"output":{"n":2}') });
    expect(swapped).toMatchObject({ imported: 2, exact: 1, inPart: 1, leftOut: { output: 1 } });
    expect(swapped.notices).toContain(`the output did not come along, or is not the one that was handed in: ${done}`);
    expect(existsSync(fourth.at(`outputs/${done}.json`))).toBe(false);

    // In a folder: another text than the ticket names, and a link.
    writeFileSync(path.join(tickets, `outputs/${done}.json`), '{"n": 2}');
    const second = await other();
    const missing = `the output did not come along, or is not the one that was handed in: ${done}`;
    expect((await second.take({ path: tickets })).notices).toContain(missing);
    rmSync(path.join(tickets, `outputs/${done}.json`));
    symlinkSync("/etc/hostname", path.join(tickets, `outputs/${done}.json`));
    const third = await other();
    expect((await third.take({ path: tickets })).notices).toContain(missing);
    expect(existsSync(third.at(`outputs/${done}.json`))).toBe(false);
  });

  test("of finished work are not swapped by an agent's import", async () => {
    const { lines, done, store } = await desk();
    const { stdout } = await lines();
    const { project, take } = await other();
    await take({ text: stdout });
    await closeTickets(store, { ids: [done], output: { n: 2 } });
    const { needYou } = await take({ text: (await lines()).stdout, as: "@amy" });
    expect(needYou.map(({ message }) => message)).toEqual([expect.stringContaining("would change output")]);
    expect(await shown(project.open(), done)).toMatchObject({ output: { n: 1 } });
  });
});
