import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { stdioClient } from "../../helpers/mcpClient.ts";
import { runHere } from "../../helpers/runHere.ts";
import { startServe } from "../../helpers/serveProcess.ts";
import { tempStore } from "../../helpers/tempStore.ts";

const SCHEMA = { type: "object", properties: { n: { type: "number" } }, required: ["n"] };

test("an output is held to its schema on every face, which take values and no paths", async () => {
  const { dir } = await tempStore({ project: true });
  writeFileSync(path.join(dir, "plan.json"), JSON.stringify(SCHEMA));
  writeFileSync(path.join(dir, "good.json"), '\uFEFF{"n": 1}\n');
  const line = async (args: string, input = "") => runHere(dir, args.split(" "), { input });
  const made = async (): Promise<string> =>
    (await line("ticket create One --output-schema ./plan.json -q")).stdout.trim();
  const ids = [await made(), await made(), await made()] as [string, string, string];
  const [byLine, byHttp, byTool] = ids;

  const refused = await line(`ticket close ${byLine} --output - --json`, '{"n":"1"}');
  expect(JSON.parse(refused.stderr || refused.stdout).error).toMatchObject({
    code: "output_invalid",
    data: { errors: [{ pointer: "/n" }] },
  });
  for (const [text, why] of [
    ["", "is no JSON"],
    ['{"n":1,"n":2}', "is there twice"],
    ["n: 1", "is no JSON"],
  ] as const) {
    expect((await line(`ticket close ${byLine} --output -`, text)).stderr).toContain(why);
  }
  expect((await line(`ticket close ${byLine} --output none.json`)).stderr).toContain("there is no file none.json");
  expect((await line(`ticket close ${byLine} -o good.json`)).stdout).toContain(`Updated ${byLine} -> closed`);
  expect((await line(`ticket show ${byLine}`)).stdout).toContain('output:\n  {\n    "n": 1\n  }\n');
  expect((await line("ticket create Two --output-schema plan -q")).code).toBe(0);

  const [server, client] = await Promise.all([startServe(dir), stdioClient(dir, { args: ["--tools", "all"] })]);
  const post = (at: string, body: unknown) => server.ask(`/api/tickets${at}`, { body });
  const bad = await post(`/${byHttp}/close`, { output: path.join(dir, "good.json") });
  expect([bad.status, bad.json]).toMatchObject([422, { code: "output_invalid" }]);
  // What its parser would make something else of, or nothing.
  for (const [output, why] of [
    ['{"n":1,"n":2}', "/n is there twice"],
    ['{"n":[12345678901234567890]}', "would be kept as another"],
    ['1,"output":2', "is there twice"],
    ["null", "does not fit schema plan"],
  ] as const) {
    for (const [at, body] of [
      [`/api/tickets/${byHttp}/close`, `{"message":"Done","output": ${output} }`],
      ["/api/batch", `{"operations":[{"op":"close","id":"${byHttp}","output":${output}}]}`],
    ] as const) {
      if (at === "/api/batch" && output.includes('"output"')) continue;
      const { status, json } = await server.ask(at, { body });
      expect([status, json.code, json.detail]).toEqual([422, "output_invalid", expect.stringContaining(why)]);
    }
  }
  expect((await post(`/${byHttp}/close`, { output: { n: 2 } })).status).toBe(200);
  expect((await server.ask(`/api/tickets/${byHttp}`)).json.ticket).toMatchObject({
    output: { n: 2 },
  });
  const named = await post("", { title: "Three", outputSchema: "./plan.json" });
  expect([named.status, named.text]).toEqual([400, expect.stringContaining("no name of a schema")]);
  expect((await post("", { title: "Three", outputSchema: { type: "null" } })).json.ticket.outputSchema).toMatch(
    /^schema-/,
  );

  const errors = [{ pointer: "", message: expect.stringContaining("n") }];
  const { content, structuredContent } = await client.client.callTool({
    name: "resolve_ticket",
    arguments: { id: byTool, output: { m: 1 } },
  });
  expect(structuredContent).toMatchObject({ error: { code: "output_invalid", data: { schema: "plan", errors } } });
  expect(JSON.stringify(content)).toContain("output_invalid");
  // A text is a text, whatever it says.
  const text = await client.refusal("resolve_ticket", { id: byTool, output: '{"n":3}' });
  expect(text.message).toContain('Instance type "string" is invalid'.replaceAll("\\", ""));
  await client.call("resolve_ticket", { id: byTool, output: { n: 3 } });
  expect(await client.call("get_ticket", { id: byTool })).toMatchObject({ output: { n: 3 }, outputSchema: "plan" });
});
