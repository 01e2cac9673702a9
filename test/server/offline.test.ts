import { expect, test } from "vitest";
import { startServe } from "../helpers/serveProcess.ts";
import { tempStore } from "../helpers/tempStore.ts";

test("answers say which store they are about, and pages whether browsers may keep them", async () => {
  const [one, two] = [await tempStore(), await tempStore()];
  const id = await one.ayo("ticket", "create", "Build login");
  const { ask } = await startServe(one.dir, ["--dir", one.tickets, "--dir", two.tickets]);
  const { workflows } = (await ask("/api/workflows")).json;
  const mark = async (path: string) => (await ask(path)).headers["ayo-store"];
  const mine = await mark("/api/config");
  expect(mine).toMatch(/^[0-9a-f]{32}$/);
  expect([await mark(`/api/tickets/${id}`), await mark("/api/board"), await mark("/api/inbox")]).toEqual([
    mine,
    mine,
    mine,
  ]);
  const theirs = await mark(`/api/board?workflow_id=${workflows[1].id}`);
  expect(theirs).toMatch(/^[0-9a-f]{32}$/);
  expect(theirs).not.toBe(mine);

  const page = await ask("/");
  expect([page.headers["ayo-offline"], (await ask("/search")).headers["ayo-offline"]]).toEqual(["on", "on"]);
  const worker = await ask("/serviceWorker.js");
  expect([worker.status, worker.headers["cache-control"]]).toEqual([200, "no-cache"]);
  const manifest = await ask("/manifest.webmanifest");
  expect(manifest.headers["content-type"]).toBe("application/manifest+json");
  for (const { src, type } of JSON.parse(manifest.text).icons) {
    const icon = await ask(src);
    expect([icon.status, icon.headers["content-type"]]).toEqual([200, type]);
  }
  const off = await startServe(one.dir, [], { env: { AYO_OFFLINE: "off" } });
  expect((await off.ask("/")).headers["ayo-offline"]).toBe("off");
  expect((await off.ask("/serviceWorker.js")).status).toBe(404);
});
