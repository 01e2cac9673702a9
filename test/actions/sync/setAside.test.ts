import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { sharingTeam } from "../../helpers/team.ts";

test("sync status names what gave way as a whole, the newest first; not what a repair took from git, nor what is still to be finished", async () => {
  const { ann, bob } = await sharingTeam(["First"]);
  for (const [store, words] of [
    [ann, "ann"],
    [bob, "bob"],
  ] as const) {
    mkdirSync(path.join(store.tickets, "schemas"), { recursive: true });
    writeFileSync(path.join(store.tickets, "schemas/plan.json"), `{"title": "${words}"}\n`);
    await store.ayo("ticket", "create", `By ${words}`);
  }
  await ann.ayo("sync");
  expect(await ann.ayo("sync", "status")).not.toContain("set aside");
  const { setAside: told } = await bob.json<{ setAside: string[] }>("sync");
  const top = path.join(bob.tickets, ".git/ayo/set-aside");
  for (const [folder, file] of [
    ["1000000000000", "config.yml"],
    ["1000000000001", "git/HEAD"],
    ["1000000000002", "redo/record"],
  ] as const) {
    mkdirSync(path.dirname(path.join(top, folder, file)), { recursive: true });
    writeFileSync(path.join(top, folder, file), "x");
  }
  const old = path.join(top, "1000000000000/config.yml");
  const { setAside } = await bob.json<{ setAside: { path: string; at: string }[] }>("sync", "status");
  expect(setAside.map((file) => file.path)).toEqual([...told, old]);
  expect(told).toEqual([expect.stringMatching(/set-aside\/\d{13}\/schemas\/plan\.json$/)]);
  expect(setAside.at(-1)?.at).toBe("2001-09-09T01:46:40Z");
  expect(await bob.ayo("sync", "status")).toContain(`\nset aside: ${told[0]}, ${old}`);
});
