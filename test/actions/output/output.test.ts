import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { doctor } from "../../../src/actions/doctor/doctor.ts";
import type { AyoError } from "../../../src/error.ts";
import {
  archiveTickets,
  claimTickets,
  closeTickets,
  createTicket,
  deleteTickets,
  redoChange,
  showTicket,
  submitTickets,
  undoChange,
  updateTickets,
} from "../../../src/index.ts";
import { git } from "../../helpers/git.ts";
import { tempStore } from "../../helpers/tempStore.ts";

const SCHEMA = { type: "object", properties: { n: { type: "number" } }, required: ["n"], additionalProperties: false };

/** A store with a ticket whose output is held to a schema, claimed by @amy. */
async function desk(config = "") {
  const project = await tempStore({ project: true });
  if (config !== "") writeFileSync(path.join(project.tickets, "config.yml"), config);
  const store = project.open();
  const { id } = (await createTicket(store, { title: "One", outputSchema: SCHEMA, schemaName: "plan" })).ticket;
  await claimTickets(store, { ids: [id], as: "@amy" });
  const at = (file: string): string => path.join(project.tickets, file);
  const text = () => readFileSync(at(`${id}.md`), "utf8");
  const shown = async () => {
    const answer = await showTicket(store, { id });
    if ("problem" in answer) throw new Error("not readable");
    const { output, outputState, outputWhy, status } = answer.ticket;
    return { output, outputState, outputWhy, status };
  };
  const file = at(`outputs/${id}.json`);
  return { project, store, id, ids: [id], at, text, shown, file };
}

const byCode = (one: string, other: string): number =>
  Number(one.startsWith("outputs")) - Number(other.startsWith("outputs"));

async function refusal(promise: Promise<unknown>): Promise<AyoError> {
  const error = await promise.then(
    () => undefined,
    (one: AyoError) => one,
  );
  if (error === undefined) throw new Error("it was not refused");
  return error;
}

describe("an output", () => {
  test("is kept with its ticket in one commit where it fits, and refused by JSON pointers where it does not", async () => {
    const { project, store, id, ids, text, shown, file } = await desk();
    const wrong = await refusal(submitTickets(store, { ids, output: { n: "1", m: 2 }, as: "@amy" }));
    expect(wrong).toMatchObject({ code: "output_invalid", data: { id, schema: "plan" } });
    expect(wrong.data?.errors).toMatchObject([{ pointer: "/n" }, { pointer: "/m", message: "is not allowed here" }]);
    expect([wrong.message, existsSync(file)]).toEqual([expect.stringContaining("schemas/plan.json"), false]);
    const { commit } = await submitTickets(store, { ids, output: { n: 1 }, as: "@amy" });
    expect(
      git(project.repo, "show", "--format=", "--name-only", commit ?? "")
        .split("\n")
        .toSorted(byCode),
    ).toEqual([`${id}.md`, `outputs/${id}.json`]);
    expect(text()).toContain(`\noutput: ${git(project.repo, "hash-object", file)}\n`);
    expect(await shown()).toMatchObject({ output: { n: 1 }, outputState: "valid", status: "in_review" });
    // Its author may mend it until somebody approves; nobody else may, and an agent never afterwards.
    expect(await refusal(submitTickets(store, { ids, output: { n: 2 }, as: "@bob" }))).toMatchObject({
      code: "not_you",
    });
    await closeTickets(store, { ids, output: { n: 3 } });
    const late = await refusal(closeTickets(store, { ids, output: { n: 4 }, as: "@amy" }));
    expect([late.code, (await shown()).output]).toEqual(["transition_refused", { n: 3 }]);
    project.judge();
  });

  test("may be any JSON without a schema, and nothing that JSON cannot keep", async () => {
    const { store, ids, file } = await desk();
    await updateTickets(store, { ids, outputSchema: "" });
    const bad = [Number.NaN, "\ud800", { a: undefined }, "x".repeat(1024 * 1024)];
    const found = await Promise.all(bad.map((output) => refusal(submitTickets(store, { ids, output, as: "@amy" }))));
    expect(found.map(({ code }) => code)).toEqual(bad.map(() => "output_invalid"));
    const odd = JSON.parse('{"__proto__":{"a":1},"constructor":null,"toJSON":"x"}') as unknown;
    await submitTickets(store, { ids, output: odd, as: "@amy" });
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(odd);
    expect(await refusal(closeTickets(store, { ids: [...ids, "other"], output: 1 }))).toMatchObject({
      code: "bad_input",
    });
  });

  test("that somebody edited, or that fits no more, is used by nobody and told; doctor puts it back", async () => {
    const { store, ids, id, shown, file, at } = await desk();
    await closeTickets(store, { ids, output: { n: 1 } });
    writeFileSync(file, '{"n": 2}\n');
    expect(await shown()).toMatchObject({ output: null, outputState: "unverified" });
    const { findings } = await doctor.run(store, { fix: true });
    expect(findings, JSON.stringify(findings)).toEqual([]);
    expect(await shown()).toMatchObject({ output: { n: 1 }, outputState: "valid" });
    const schema = readFileSync(at("schemas/plan.json"), "utf8");
    writeFileSync(at("schemas/plan.json"), '{"properties":{"n":{"type":"string"}}}');
    expect(await shown()).toMatchObject({
      output: null,
      outputWhy: expect.stringContaining("does not fit schema plan: /n"),
    });
    writeFileSync(at("schemas/plan.json"), '{"$ref":"https://x.example"}');
    writeFileSync(at("outputs/none.json"), "1\n");
    const { findings: left } = await doctor.run(store, {});
    expect(left.map(({ code, path: name }) => [code, name])).toEqual(
      expect.arrayContaining([
        ["output_unverified", `${id}.md`],
        ["bad_schema", "schemas/plan.json"],
        ["output_stray", "outputs/none.json"],
      ]),
    );
    writeFileSync(at("schemas/plan.json"), schema);
    expect((await shown()).outputState).toBe("valid");
  });

  test("comes back by redo with the close that it was handed in with", async () => {
    const { project, store, at } = await desk("close: {output: required}\n");
    const { id } = (await createTicket(store, { title: "Two", outputSchema: "plan" })).ticket;
    await closeTickets(store, { ids: [id], output: { n: 1 } });
    await undoChange(store, {});
    expect([existsSync(at(`outputs/${id}.json`)), readFileSync(at(`${id}.md`), "utf8")]).toEqual([
      false,
      expect.stringMatching(/^status: open$/m),
    ]);
    expect((await redoChange(store, {})).notUndone).toEqual([]);
    expect(await showTicket(store, { id })).toMatchObject({ ticket: { output: { n: 1 }, status: "closed" } });
    project.judge();
  });

  test("of a finished ticket is not swapped by an agent's undo", async () => {
    const { store, ids, shown } = await desk();
    await submitTickets(store, { ids, as: "@amy", output: { n: 1 } });
    await submitTickets(store, { ids, as: "@amy", output: { n: 2 } });
    await closeTickets(store, { ids });
    await undoChange(store, { as: "@amy" }).catch(() => undefined);
    expect(await shown()).toMatchObject({ status: "closed", output: { n: 2 }, outputState: "valid" });
  });

  test("goes and comes back with its ticket", async () => {
    const { project, store, ids, id, shown, file } = await desk();
    await closeTickets(store, { ids, output: { n: 1 } });
    await deleteTickets(store, { ids, yes: true });
    expect(existsSync(file)).toBe(false);
    await undoChange(store, {});
    expect(await shown()).toMatchObject({ output: { n: 1 }, outputState: "valid" });
    await archiveTickets(store, { before: "0s" }).catch(() => undefined);
    expect((await shown()).outputState).toBe("valid");
    await undoChange(store, { what: id });
    project.judge();
  });
});

describe("a schema", () => {
  test("is named, or comes whole and is kept once; what is none, or another of that name, is refused", async () => {
    const { store, ids, id, at } = await desk();
    const bad = (input: Record<string, unknown>) => refusal(updateTickets(store, { ids, ...input }));
    expect(await bad({ outputSchema: "none" })).toMatchObject({ code: "bad_input", data: { known: ["plan"] } });
    for (const name of ["../config", "a/b", "plan.json/..", "/etc/passwd", ".hidden"]) {
      expect(await bad({ outputSchema: name }), name).toMatchObject({ code: "bad_input" });
      expect(await bad({ outputSchema: {}, schemaName: name }), name).toMatchObject({ code: "bad_input" });
    }
    expect((await bad({ outputSchema: { type: "string" }, schemaName: "plan" })).message).toContain("is there already");
    expect((await bad({ outputSchema: { $ref: "https://x.example/s" } })).message).toContain("/$ref refers to");
    expect((await bad({ outputSchema: { $ref: "#" } })).message).toContain("without an end");
    expect((await bad({ outputSchema: { title: "x".repeat(300_000) } })).message).toContain("is longer than 256 KiB");
    expect(await bad({ set: { "output-schema": "plan" } })).toMatchObject({ code: "bad_input" });
    await updateTickets(store, { ids, outputSchema: { ...SCHEMA }, schemaName: "plan" });
    const { tickets } = await updateTickets(store, { ids, outputSchema: { type: "null" } });
    const name = String(tickets[0]?.outputSchema);
    expect([name, JSON.parse(readFileSync(at(`schemas/${name}.json`), "utf8"))]).toEqual([
      expect.stringMatching(/^schema-[0-9a-f]{8}$/),
      { type: "null" },
    ]);
    writeFileSync(at(`${id}.md`), readFileSync(at(`${id}.md`), "utf8").replace("output-schema:", "expected-output:"));
    const answer = await showTicket(store, { id });
    expect("problem" in answer ? undefined : answer.ticket.outputSchema).toBe(name);
  });

  test("is read by no link", async () => {
    const { store, ids, at } = await desk();
    writeFileSync(at("../elsewhere.json"), "{}");
    symlinkSync("../../elsewhere.json", at("schemas/linked.json"));
    mkdirSync(at("outputs"));
    expect((await refusal(updateTickets(store, { ids, outputSchema: "linked" }))).message).toContain("symbolic link");
  });
});

describe("where close: {output: required}", () => {
  test("no agent finishes without an output that fits, whatever it does; a person can force it", async () => {
    const { store, ids, id, at, shown } = await desk("close: {output: required}\n");
    const none = { code: "output_invalid", message: expect.stringContaining("was not handed in") };
    expect(await refusal(submitTickets(store, { ids, as: "@amy" }))).toMatchObject(none);
    expect(await refusal(closeTickets(store, { ids, as: "@amy", force: true }))).toMatchObject(none);
    expect(await refusal(closeTickets(store, { ids }))).toMatchObject(none);
    for (const outputSchema of ["", { type: "number" }]) {
      const error = await refusal(updateTickets(store, { ids, outputSchema, as: "@amy" }));
      expect(error).toMatchObject({ code: "needs_person" });
    }
    await submitTickets(store, { ids, output: { n: 1 }, as: "@amy" });
    writeFileSync(at(`outputs/${id}.json`), '{"n":2}');
    expect((await refusal(closeTickets(store, { ids }))).message).toContain("cannot be used");
    await closeTickets(store, { ids, force: true });
    expect((await shown()).status).toBe("closed");
  });

  test("a hand edit that closes, or lifts the schema, waits for a person where agents are at work", async () => {
    const { store, ids, text, id, at } = await desk("close: {output: required}\n");
    writeFileSync(at(`${id}.md`), text().replace(/^output-schema: .*\n/m, ""));
    await updateTickets(store, { ids, priority: 1, as: "@amy" });
    expect(text()).toMatch(/^unconfirmed: .*output-schema/m);
    expect(await refusal(closeTickets(store, { ids, as: "@amy" }))).toMatchObject({ code: "needs_person" });
  });
});
