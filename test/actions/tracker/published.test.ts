import { rmSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { trackedStore } from "../../helpers/linear/trackedStore.ts";

test("a published ticket goes with its text and notes at once; unlinked and pulled again, they stay", async () => {
  const { ayo, store, world, issueOf, quiet } = await trackedStore("linked");
  const id = await ayo("ticket", "create", "One", "-d", "What it is.", "-q");
  await ayo("ticket", "note", id, "Here.");
  await ayo("tracker", "publish", id, "--yes");
  const issue = issueOf(id);
  expect([issue.description, [...world.comments.values()].map(({ body }) => body)]).toEqual(["What it is.", ["Here."]]);
  // What ayo alone says in a note is nothing that came.
  expect(await ayo("tracker", "unlink", id)).toBe("Nothing new at linear (ENG)");
  world.update(issue.id, { description: "What it is.\n\nAnd more." }, "user-mara");
  await ayo("tracker", "pull", "ENG-1");
  expect([store.text(id).includes("What it is.\n\nAnd more.\n"), issue.description]).toEqual([
    true,
    "What it is.\n\nAnd more.",
  ]);
  await quiet();
  expect([issue.description, world.comments.size]).toEqual(["What it is.\n\nAnd more.", 1]);
});

test("a ticket whose pair was lost keeps its text where it is published by hand alone", async () => {
  const { ayo, sync, store, issueOf, quiet } = await trackedStore("linked");
  const id = await ayo("ticket", "create", "One", "-d", "What it is.", "-q");
  await ayo("tracker", "publish", id, "--yes");
  await sync();
  const issue = issueOf(id);
  rmSync(path.join(store.tickets, `sync/linear/${id}.json`));
  await ayo("ticket", "update", id, "--description", "What it is.\n\nAnd here.", "--replace");
  await sync("--whole");
  expect(store.text(id)).toContain("What it is.\n\nAnd here.\n");
  await sync();
  expect(issue.description).toContain("What it is.");
  await quiet();
});
