import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { tempStore } from "../../helpers/tempStore.ts";

test("a file whose name is no UTF-8 is told by doctor, and by all that lists tickets", async () => {
  const store = await tempStore();
  const id = await store.ayo("ticket", "create", "A");
  writeFileSync(
    Buffer.concat([Buffer.from(path.join(store.tickets, "caf")), Buffer.from([0xe9]), Buffer.from(".md")]),
    "x",
  );
  const { stdout } = await store.run(["doctor", "--json"]);
  const { findings } = JSON.parse(stdout) as { findings: { code: string; path?: string }[] };
  expect(findings.filter(({ code }) => code === "bad_name").map((one) => one.path)).toEqual(["caf\uFFFD.md"]);
  expect(await store.ayo("ticket", "list", "-q")).toBe(id);
  // Also where the index is on the disk and nothing else is read.
  for (const args of [["ticket", "list"], ["ticket", "list"], ["ticket", "ready"], ["board"]]) {
    const { problems } = JSON.parse((await store.run([...args, "--json"])).stdout);
    expect([args, problems]).toEqual([args, [expect.objectContaining({ path: "caf\uFFFD.md", code: "bad_name" })]]);
  }
  expect((await store.run(["ticket", "list"])).stderr).toBe(
    "warning: caf\uFFFD.md: its name is no UTF-8, so it is never read and never committed: rename it\n",
  );
  await store.ayo("ticket", "note", id, "x");
});
