import { expect, test } from "vitest";
import { answerOrder } from "../../../../src/web/data/answers/answerOrder.ts";

const ticket = (version: string, ready = true, blockedBy: readonly string[] = []) => ({
  shortVersion: version,
  ready,
  blockedBy,
});

test("of two reads the one that was asked for later stays", () => {
  const order = answerOrder();
  const [first, second] = [order.now(), order.now()];
  expect(order.acceptsRead("a", ticket("2"), second)).toBe(true);
  expect(order.acceptsRead("a", ticket("1"), first)).toBe(false);
  expect(order.acceptsRead("b", ticket("1"), first)).toBe(true);
  expect([order.has("a", "2"), order.has("a", "1")]).toEqual([true, false]);
});

test("a read takes back neither what a change answered nor what an event told since it was asked for", () => {
  const order = answerOrder();
  const read = order.now();
  const change = order.now();
  expect(order.acceptsChange("a", ticket("2"), change)).toBe(true);
  order.hear("b", "2");
  order.hear("c", undefined);
  expect(["a", "b", "c"].map((id) => order.acceptsRead(id, ticket("1"), read))).toEqual([false, false, false]);
  // It has what the events told, or is from after them.
  expect(order.acceptsRead("b", ticket("2"), read)).toBe(true);
  expect(order.acceptsRead("c", undefined, read)).toBe(true);
  expect(order.acceptsRead("a", ticket("3"), order.now())).toBe(true);
});

test("the answer to a change is doubted where something else was told of the ticket meanwhile", () => {
  const order = answerOrder();
  const change = order.now();
  order.hear("own", "2");
  order.hear("other", "3");
  order.acceptsRead("read", ticket("2"), order.now());
  order.acceptsRead("waits", ticket("1", false, ["x"]), order.now());
  expect(order.acceptsChange("own", ticket("2"), change)).toBe(true);
  expect(order.acceptsChange("other", ticket("2"), change)).toBe(false);
  expect(order.acceptsChange("read", ticket("2"), change)).toBe(true);
  // It is of the same version and waits for others than was read.
  expect(order.acceptsChange("waits", ticket("1"), change)).toBe(false);
});

test("a version that comes back after another one is news: what waits for the ticket was read in between", () => {
  const order = answerOrder();
  order.acceptsRead("a", ticket("1"), order.now());
  order.hear("a", "1");
  expect(order.has("a", "1")).toBe(true);
  order.hear("a", "2");
  order.hear("a", "1");
  expect(order.has("a", "1")).toBe(false);
  order.acceptsRead("a", ticket("1"), order.now());
  expect(order.has("a", "1")).toBe(true);
});

test("nothing is known of another store", () => {
  const order = answerOrder();
  const read = order.now();
  order.acceptsChange("a", ticket("2"), order.now());
  order.forget();
  expect(order.has("a", "2")).toBe(false);
  expect(order.acceptsRead("a", ticket("1"), read)).toBe(true);
});

test("events tell whole versions, answers the beginning of them", () => {
  const order = answerOrder();
  const [one, two] = ["5d41402abc4b2a76b9719d911017c592aaaaaaaa", "7d793037a0760186574b0282f2f435e7aaaaaaaa"];
  const read = order.now();
  order.hear("a", two);
  expect(order.acceptsRead("a", ticket(one.slice(0, 10)), read)).toBe(false);
  expect(order.acceptsRead("a", ticket(two.slice(0, 10)), read)).toBe(true);
  expect([order.has("a", one), order.has("a", two)]).toEqual([false, true]);
});
