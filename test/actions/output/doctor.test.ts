import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { doctor } from "../../../src/actions/doctor/doctor.ts";
import { closeTickets, createTicket, updateTickets } from "../../../src/index.ts";
import { tempStore } from "../../helpers/tempStore.ts";

const SCHEMA = { type: "object", required: ["n"] };

/** A store with finished tickets that have an output each, and one that is open. */
async function desk(count: number) {
  const project = await tempStore({ project: true });
  const store = project.open();
  const ids: string[] = [];
  for (let n = 0; n <= count; n++) {
    const { id } = (await createTicket(store, { title: `${n}`, outputSchema: SCHEMA, schemaName: "plan" })).ticket;
    ids.push(id);
    if (n < count) await closeTickets(store, { ids: [id], output: { n } });
  }
  const at = (file: string): string => path.join(project.tickets, file);
  const told = async (fix = false) => {
    const { findings } = await doctor.run(project.open(), { fix });
    return findings.map(({ code, path: file, message, fix: how }) => ({ code, file, message, how }));
  };
  return { project, store, ids, at, told, open: ids[count] as string };
}

test("what stands in the place of an output or a schema and is no file is told once, with what a person does", async () => {
  const { project, ids, at, told, open } = await desk(4);
  const [folder, pipe, link, dangling] = ids.map((id) => at(`outputs/${id}.json`)) as [string, string, string, string];
  renameSync(link, at("../elsewhere.json"));
  for (const file of [folder, pipe, dangling]) rmSync(file);
  mkdirSync(folder);
  execFileSync("mkfifo", [pipe, at("schemas/pipe.json")]);
  symlinkSync(at("../elsewhere.json"), link);
  symlinkSync("/nowhere", dangling);
  mkdirSync(at(`outputs/${open}.json`));
  mkdirSync(at("schemas/folder.json"));
  symlinkSync(at("../elsewhere.json"), at("schemas/link.json"));
  for (const fix of [false, true]) {
    const findings = await told(fix);
    expect(findings.map(({ code, file }) => `${code} ${file}`).toSorted()).toEqual(
      [
        ...ids.slice(0, 4).map((id) => `output_unverified ${id}.md`),
        `output_stray outputs/${open}.json`,
        ...["folder", "link", "pipe"].map((name) => `bad_schema schemas/${name}.json`),
      ].toSorted(),
    );
    for (const { message, how } of findings) {
      expect([how, message]).toEqual([undefined, expect.stringMatching(/take it away|put the file itself here/)]);
    }
  }
  for (const file of [folder, pipe, link, dangling, at(`outputs/${open}.json`)]) rmSync(file, { recursive: true });
  for (const name of ["folder", "link", "pipe"]) rmSync(at(`schemas/${name}.json`), { recursive: true });
  expect(await told(true)).toEqual([]);
  expect(JSON.parse(readFileSync(link, "utf8"))).toEqual({ n: 2 });
  project.judge();
});

test("an output that git does not have is not put back, and its folder is told once", async () => {
  const { ids, at, told } = await desk(2);
  const [id = ""] = ids;
  writeFileSync(
    at(`${id}.md`),
    readFileSync(at(`${id}.md`), "utf8").replace(/^output: .*/m, `output: ${"1".repeat(40)}`),
  );
  const lost = { code: "output_unverified", how: undefined, message: expect.stringContaining("hands it in again") };
  expect(await told(true)).toMatchObject([lost]);
  renameSync(at("outputs"), at("../outputs"));
  symlinkSync("../outputs", at("outputs"));
  expect((await told()).filter(({ file }) => file?.includes("outputs") || file?.endsWith(".md"))).toMatchObject([
    { code: "output_unverified", file: "outputs", message: expect.stringContaining("put the folder itself here") },
  ]);
});

test("a schema that an open ticket names and that is not there is told; so are two that differ only in case", async () => {
  const { store, ids, at, told, open } = await desk(1);
  const text = readFileSync(at("schemas/plan.json"), "utf8");
  for (const outputSchema of [SCHEMA, { type: "null" }]) {
    const refused = updateTickets(store, { ids: [open], outputSchema, schemaName: "Plan" });
    await expect(refused).rejects.toMatchObject({ code: "bad_input", data: { schema: "plan" } });
  }
  await expect(updateTickets(store, { ids: [open], outputSchema: "PLAN" })).rejects.toMatchObject({
    code: "bad_input",
  });
  writeFileSync(at("schemas/Plan.json"), text);
  const twin = { code: "bad_schema", file: "schemas/plan.json", message: expect.stringContaining("only in case") };
  expect(await told()).toMatchObject([twin]);
  rmSync(at("schemas/Plan.json"));
  renameSync(at("schemas/plan.json"), at("schemas/other.json"));
  expect((await told()).filter(({ code }) => code === "bad_schema")).toMatchObject([
    { file: `${open}.md`, message: expect.stringContaining("put schemas/plan.json there") },
  ]);
  // Of finished work it is told of the output alone.
  expect((await told()).find(({ file }) => file === `${ids[0]}.md`)?.code).toBe("output_unverified");
});
