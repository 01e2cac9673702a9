import { expect, onTestFinished, test } from "vitest";
import type { TrackerRules } from "../../../src/actions/tracker/rules.ts";
import { storeSide } from "../../../src/actions/tracker/side/storeSide.ts";
import { syncTracker } from "../../../src/trackers/sync/sync.ts";
import { providerAt } from "../../helpers/github/scene.ts";
import { githubServer } from "../../helpers/github/server.ts";
import { tempStore } from "../../helpers/tempStore.ts";

const RULES: TrackerRules = {
  ...{ name: "github", place: "acme/web", placeId: "1001", url: undefined },
  ...{ push: "all", conflicts: "remote", comments: "people", states: {}, people: {} },
};

test("a ticket is called by its issue's number once that is known, also where no answer came", async () => {
  const [store, server] = await Promise.all([tempStore(), githubServer()]);
  onTestFinished(server.close);
  const create = async (title: string): Promise<string> => await store.ayo("ticket", "create", title, "-q");
  const [a, b] = [await create("answered"), await create("lost")];
  const sync = async (): Promise<void> => {
    const provider = providerAt(server);
    const side = storeSide(await store.open(), RULES, "a1b2c3d4e5f6");
    await syncTracker(provider, side, { winner: "remote", overlap: 0 });
    side.keep();
    provider.close();
  };
  let isLost = false;
  server.onRequest = ({ operation, isWrite, body }) => {
    if (isWrite) isLost = body.title === "lost";
    if (!isLost) return undefined;
    // Nor to the look that follows.
    return isWrite ? "dropAfter" : operation === "GET /issues" ? "500before" : undefined;
  };
  await sync();
  expect(store.text(b)).not.toContain("external-ref");
  server.onRequest = () => undefined;
  const numberOf = (title: string): number =>
    [...server.world.issues.values()].find((issue) => issue.title === title)?.number ?? 0;
  const numbers = ["answered", "lost"].map(numberOf);
  server.world.update(numberOf("lost"), { title: "found" });
  await sync();
  expect([a, b].map((id) => /^external-ref: '(.*)'$/m.exec(store.text(id))?.[1])).toEqual(
    numbers.map((number) => `github:acme/web#${number}`),
  );
  expect(store.text(b)).toContain("# found");
  const before = store.subjects();
  server.seen.length = 0;
  await sync();
  expect([server.seen.filter(({ isWrite }) => isWrite), store.subjects()]).toEqual([[], before]);
  expect([server.world.issues.size, server.offences]).toEqual([2, []]);
  // What was read of relations in vain is not read again, and that is no commit.
  const [one = 0, two = 0] = numbers;
  server.world.block(one, two);
  await sync();
  server.world.issue(one).updatedAt = server.world.now();
  const after = store.subjects();
  for (const requests of [5, 4]) {
    server.seen.length = 0;
    await sync();
    expect([server.seen.length, store.subjects()]).toEqual([requests, after]);
  }
});
