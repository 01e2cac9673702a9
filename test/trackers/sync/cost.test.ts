import { expect, test } from "vitest";
import { syncTracker } from "../../../src/trackers/sync/sync.ts";
import { providerAt } from "../../helpers/linear/loopback.ts";
import { MemorySide } from "../../helpers/linear/memorySide.ts";
import { linearServer } from "../../helpers/linear/server.ts";

const LINKED = process.env.AYO_LONG === "1" ? 5000 : 1000;

test("a quiet sync of many linked tickets is four requests and little work", async () => {
  const server = await linearServer();
  const provider = providerAt(server);
  const side = new MemorySide();
  for (let n = 0; n < LINKED; n++) server.world.create({ title: `t${n}`, description: "- one" }, "user-mara");
  await syncTracker(provider, side, { winner: "remote" });
  server.world.time += 3_600_000;
  const issue = [...server.world.issues.values()][0];
  server.world.update(issue?.id ?? "", { title: "later" }, "user-mara");
  await syncTracker(provider, side, { winner: "remote" });
  server.seen.length = 0;
  const { commits } = side;
  const cpu = process.cpuUsage();
  await syncTracker(provider, side, { winner: "remote" });
  const { user, system } = process.cpuUsage(cpu);
  // The server's own work is in it too.
  expect((user + system) / 1000).toBeLessThan(300);
  expect(server.seen).toHaveLength(4);
  expect(side.commits).toBe(commits);
  expect(side.tickets.size).toBe(LINKED);
  provider.close();
  await server.close();
});
