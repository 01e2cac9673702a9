import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { tempStore } from "../../helpers/tempStore.ts";

test("values that no command would take are kept as they are and each is told, also the types that the store does not have", async () => {
  const store = await tempStore();
  const line = { id: "x-1", title: "One", priority: 9, due: "soon", type: "spike", status: "nowhere", parent: "nope" };
  writeFileSync(path.join(store.dir, "in.jsonl"), `${JSON.stringify(line)}\n`);
  const dry = JSON.parse((await store.run(["import", "in.jsonl", "--json", "--dry-run"])).stdout);
  expect(dry).toMatchObject({ dryRun: true, wouldChange: true, commit: null });
  const { code, stderr } = await store.run(["import", "in.jsonl"]);
  expect(code).toBe(0);
  for (const told of [
    "statuses that are no column here: nowhere (1)",
    "1 dependency or parent names a ticket that is not here",
    "x-1: priority 9 is not one of 0 (highest) to 4",
    "x-1: due 'soon' is no time",
    "types that the store does not have: spike (1); 'ayo config types' sets which it has",
  ])
    expect(stderr).toContain(told);
  expect(store.text("x-1")).toMatch(/^type: spike\npriority: 9$/m);
  for (const [flag, value] of [
    ["-t", "spike"],
    ["-p", "9"],
    ["--due", "soon"],
    ["-s", "nowhere"],
    ["--parent", "nope"],
  ] as const)
    expect([flag, (await store.run(["ticket", "create", "Two", flag, value])).code]).toEqual([
      flag,
      expect.toSatisfy((n) => n > 0),
    ]);
  await store.ayo("config", "types", "task, bug, spike");
  expect(await store.ayo("ticket", "create", "Two", "-t", "spike")).not.toBe("");
});
