import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { runHere } from "../helpers/runHere.ts";
import { tempStore } from "../helpers/tempStore.ts";

const MARK = "\uFEFF";
const SCHEMA = '{"type": "object", "required": ["n"]}';

/** A store with a ticket that asks for an output. */
async function desk() {
  const store = await tempStore({ project: true });
  const { dir } = store;
  const line = (args: string, input = "") => runHere(dir, args.split(" "), { input });
  writeFileSync(path.join(dir, "plan.json"), `${MARK}${SCHEMA}`);
  const id = (await line("ticket create One --output-schema ./plan.json -q")).stdout.trim();
  return { store, dir, line, id, at: (name: string) => path.join(store.tickets, name) };
}

test("a file without an end, a pipe that nobody writes to, or a folder is no output and no schema, and is told at once", async () => {
  const { dir, line, id } = await desk();
  execFileSync("mkfifo", [path.join(dir, "pipe.json")]);
  mkdirSync(path.join(dir, "folder.json"));
  writeFileSync(path.join(dir, "huge.json"), `"${"x".repeat(9 * 1024 * 1024)}"`);
  const told = async (args: string): Promise<string> => (await line(args)).stderr;
  expect(await told(`ticket close ${id} --output /dev/zero`)).toContain("write what it gives to '--output -'");
  expect(await told(`ticket close ${id} --output pipe.json`)).toContain("is no plain file");
  expect(await told(`ticket close ${id} --output folder.json`)).toContain("is a folder");
  expect(await told(`ticket close ${id} --output huge.json`)).toContain("an output has at most 1 MiB");
  expect(await told("ticket create Two --output-schema pipe.json")).toContain("put what it gives into a file first");
  expect(await told("ticket create Two --output-schema huge.json")).toContain("a schema has at most 256 KiB");
});

test("of standard input no more is read than an output may have", async () => {
  const { store, id } = await desk();
  const { code, stderr } = await store.run(["ticket", "close", id, "--output", "-"], { input: " ".repeat(9_000_000) });
  expect([code, stderr]).toEqual([
    2,
    "error: more than 8 MiB on stdin; an output has at most 1 MiB: hand in less, and name in it where the rest lies\n",
  ]);
});

test("the mark that editors on Windows put before a text is no part of its JSON", async () => {
  const { dir, line, id, at } = await desk();
  expect(readFileSync(at("schemas/plan.json"), "utf8")).not.toContain(MARK);
  writeFileSync(at("schemas/plan.json"), `${MARK}${SCHEMA}`);
  expect((await line(`ticket close ${id} --output -`, `${MARK}{}`)).stderr).toContain("does not fit schema plan");
  writeFileSync(path.join(dir, "out.json"), `${MARK}{"n": 1}`);
  expect((await line(`ticket close ${id} --output out.json`)).code).toBe(0);
  expect((await line(`ticket show ${id} --json`)).stdout).toContain('"outputState":"valid"');
});

test("what is to be tried can be run as it stands", async () => {
  const { dir, line, id, at } = await desk();
  writeFileSync(path.join(dir, "bad.json"), "{");
  writeFileSync(path.join(dir, "out.json"), "{}");
  writeFileSync(at("config.yml"), "close: {output: required}\n");
  const tried = async (args: string): Promise<string | undefined> =>
    /^try: (.*)$/m.exec((await line(args, "{}")).stderr)?.[1];
  expect(await tried(`ticket close ${id} --output bad.json`)).toBe(`ayo ticket close ${id} --output bad.json`);
  expect(await tried(`ticket submit ${id} --output out.json`)).toBe(`ayo ticket submit ${id} --output -`);
  expect(await tried(`ticket close ${id} --output -`)).toBe(`ayo ticket close ${id} --output -`);
  expect(await tried(`ticket close ${id}`)).toBe(`ayo ticket close ${id} --output -`);
  writeFileSync(at("schemas/plan.json"), "{");
  expect(await tried(`ticket close ${id} --output out.json`)).toBe("ayo doctor");
});
