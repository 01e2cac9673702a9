import { expect, test } from "vitest";
import { tempStore } from "../helpers/tempStore.ts";

test("lists name an archive that holds what they do not show", async () => {
  const { ayo, run, json } = await tempStore();
  const id = await ayo("ticket", "create", "Old");
  await ayo("ticket", "close", id);
  await ayo("ticket", "archive", "--before", "2100-01-01");
  expect((await run(["ticket", "list"])).stderr).toBe("nothing but the archive\nnote: 1 in the archive: --all\n");
  expect((await run(["ticket", "closed"])).stderr).toContain("note: 1 in the archive: --all\n");
  expect(await json("ticket", "list")).toMatchObject({ tickets: [], archived: 1 });
  await ayo("ticket", "close", await ayo("ticket", "create", "New"));
  const both = await run(["ticket", "closed"]);
  expect([both.stdout.includes("New"), both.stderr]).toEqual([true, "note: 1 in the archive: --all\n"]);
  expect((await run(["ticket", "closed", "--all"])).stderr).toBe("");
});
