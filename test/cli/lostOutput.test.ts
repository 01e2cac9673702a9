import { expect, test } from "vitest";
import { tempStore } from "../helpers/tempStore.ts";

/** Run a command with its standard output, or its messages, on a device that is always full. */
const FULL = ["sh", "-c", 'exec "$@" >/dev/full', "sh"];
const UNHEARD = ["sh", "-c", 'exec "$@" 2>/dev/full', "sh"];

test("what was read and cannot be printed is a failure in one line", async () => {
  const store = await tempStore();
  await store.ayo("ticket", "create", "One");
  expect(await store.run(["ticket", "list"], { through: FULL })).toEqual({
    code: 1,
    stdout: "",
    stderr: "error: standard output cannot be written: no space left\n",
  });
});

test("a change that is made and cannot be printed is made, and says so", async () => {
  const store = await tempStore();
  const { code, stderr } = await store.run(["ticket", "create", "Made"], { through: FULL });
  const [id = ""] = store.files().map((file) => file.slice(0, -3));
  expect([code, stderr]).toEqual([
    0,
    `note: the change is made (${id}), and this could not be printed: standard output cannot be written: no space left\n`,
  ]);
  expect(store.files()).toHaveLength(1);
  expect((await store.run(["ticket", "close", id], { through: FULL })).code).toBe(0);
  expect(store.text(id)).toContain("status: closed");
  store.judge();
});

test("a refusal that nobody hears is a refusal", async () => {
  const store = await tempStore();
  expect((await store.run(["ticket", "close", "nothing"], { through: UNHEARD })).code).toBe(1);
});
