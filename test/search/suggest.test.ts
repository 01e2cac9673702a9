import { expect, test } from "vitest";
import { suggestions } from "../../src/search/suggest.ts";
import { tempStore } from "../helpers/tempStore.ts";

const TITLES = ["Deploy to Kubernetes", "Kubernetes ingress", "Rotate the session cookie", "Session login fails"];

test.each([
  ["cubernetes", ["kubernetes"]],
  ["sesion logn", ["session login"]],
  ["zzzzzz", []],
  ["", []],
  ["session", []],
])("%j may mean %j", (query, expected) => {
  expect(suggestions(query, TITLES)).toEqual(expected);
});

test("a search that finds nothing says what may be meant", async () => {
  const { ayo, run } = await tempStore();
  await ayo("ticket", "create", "Deploy to Kubernetes");
  await ayo("ticket", "create", "Something else");
  const { stderr, code } = await run(["ticket", "search", "xubernetis", "--type", "keyword"]);
  expect([code, stderr]).toEqual([0, expect.stringContaining("note: did you mean 'kubernetes'?")]);
  const { stderr: nothing } = await run(["ticket", "search", "qqqqqqqq", "--type", "keyword"]);
  expect(nothing).not.toContain("did you mean");
});
