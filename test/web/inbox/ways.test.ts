import { describe, expect, test } from "vitest";
import type { Category, Config } from "../../../src/web/data/shapes.ts";
import { waysOf } from "../../../src/web/inbox/ways.ts";

const offers: Config["offers"] = {
  todo: [{ verb: "start" }],
  active: [{ verb: "submit" }, { verb: "release" }],
  blocked: [{ verb: "unblock" }],
  review: [{ verb: "approve" }, { verb: "reject", asks: "What is missing?" }],
  done: [{ verb: "reopen" }],
  cancelled: [],
  failed: [],
  unconfirmed: [{ verb: "confirm" }],
};
const server = { offers, verbs: ["accept", "retry", "answer"] };
/** What can be done, as `key what`. */
const ways = (
  name: string,
  category?: Category | null,
  config: Pick<Config, "offers" | "verbs"> = server,
): string[] => {
  const [kind = "", key = ""] = name.split(" ");
  return waysOf({ kind, key }, config, category).map(
    (way) => `${way.key} ${way.kind === "verb" ? way.verb : way.list}`,
  );
};

describe("what can be done about a line", () => {
  test("depends on its kind, each with a key of its own", () => {
    expect(ways("review", "review")).toEqual(["a approve", "b reject"]);
    expect(ways("unconfirmed", "done")).toEqual(["a confirm"]);
    expect(ways("accept", "todo")).toEqual(["a accept"]);
    expect(ways("run", "failed")).toEqual(["r retry", "a assignee"]);
    expect(ways("overdue", "active")).toEqual(["D due", "a assignee"]);
    expect(ways("handed", "todo")).toEqual(["s start", "a assignee"]);
    expect(ways("pipeline", "blocked")).toEqual(["s unblock"]);
    expect(ways("mention", "todo")).toEqual([]);
  });

  test("is only what the ticket's column allows, where the column is known", () => {
    expect(ways("off_track a:idle", "active")).toEqual(["s release", "a assignee"]);
    expect(ways("off_track a:stale", "done")).toEqual(["a assignee"]);
    expect(ways("off_track a:rejected", "active")).toEqual(["a assignee"]);
    expect(ways("returned", "active")).toEqual(["a assignee"]);
    // Before the tickets are there, and of agents and pipelines, nothing is known.
    expect(ways("handed")).toEqual(["s start"]);
    expect(ways("pipeline", null)).toEqual([]);
  });

  test("is only what the server offers, with the question that it asks first", () => {
    expect(ways("run", "failed", { offers, verbs: [] })).toEqual(["a assignee"]);
    expect(ways("review", "review", { offers: { ...offers, review: [] }, verbs: [] })).toEqual([]);
    expect(waysOf({ kind: "review", key: "" }, server, "review")[1]).toMatchObject({ asks: "What is missing?" });
  });
});
