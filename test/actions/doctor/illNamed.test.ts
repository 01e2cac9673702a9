import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { tempStore } from "../../helpers/tempStore.ts";

test("a file whose name is no UTF-8 is told by doctor", async () => {
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
});
