import { expect, test } from "vitest";
import { startServe } from "../helpers/serveProcess.ts";
import { tempStore } from "../helpers/tempStore.ts";

test("who waits for an archived ticket is told of when that is given up, deleted and brought back", async () => {
  const project = await tempStore();
  const { ask } = await startServe(project.dir);
  const [given, gone] = [
    await project.ayo("ticket", "create", "Given up"),
    await project.ayo("ticket", "create", "Gone"),
  ];
  const waiting = await project.ayo("ticket", "create", "Waits", "--deps", given);
  const other = await project.ayo("ticket", "create", "Other", "--deps", gone);
  await project.ayo("ticket", "close", given, gone);
  await project.ayo("ticket", "archive", "--before", "2999-01-01");
  const change = async (path: string, more: Parameters<typeof ask>[1]) => {
    const { json } = await ask(`${path}?include=affected&fields=id,ready`, more);
    return [json.affected, json.gone];
  };

  const cancelled = await change(`/api/tickets/${given}/cancel`, { body: { message: "Not needed." } });
  expect(cancelled).toEqual([[{ id: waiting, ready: false }], []]);
  const deleted = await change(`/api/tickets/${gone}`, { method: "DELETE" });
  expect(deleted).toEqual([[{ id: other, ready: false }], []]);
  expect(await change("/api/undo", { body: {} })).toEqual([[{ id: other, ready: true }], []]);
});
