import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { runHere } from "../../helpers/runHere.ts";
import { tempDir } from "../../helpers/tempDir.ts";

const TITLES = {
  apart: "Add a rate limit for guests",
  dash: "The rate-limit header is missing",
  one: "Show the ratelimit on a page",
  camel: "Rename setRateLimit to something better",
  snake: "The key rate_limit is read twice",
  release: "Crash since v2.3.1 on start",
  other: "Crash since 2.30 on start",
  node: "Build fails with node@20.11.0",
  path: "Look at packages/frontend/src/components/dashboard/widgets/LineChartWidget.test.tsx",
};

function find() {
  const dir = tempDir();
  const store = path.join(dir, ".tickets");
  mkdirSync(store);
  for (const [id, title] of Object.entries(TITLES)) {
    writeFileSync(path.join(store, `t-${id}.md`), `---\nid: t-${id}\nstatus: open\n---\n# ${title}\n`);
  }
  return async (query: string): Promise<string[]> => {
    const { stdout } = await runHere(dir, ["ticket", "search", query, "--mode", "keyword", "-q"]);
    return stdout
      .split("\n")
      .slice(0, -1)
      .map((id) => id.slice(2));
  };
}

describe("words that are written as one, as two or with something between", () => {
  test.each(["rate limit", "rate-limit", "ratelimit", "rateLimit", "rate_limit", "RateLimit", "rate limits"])(
    "%s finds all of them",
    async (query) => {
      expect((await find()(query)).sort()).toEqual(["apart", "camel", "dash", "one", "snake"]);
    },
  );

  test.each([
    ["linechart", "path"],
    ["line chart", "path"],
    ["LineChartWidget", "path"],
    ["dashboard/widgets", "path"],
    ["front end", "path"],
  ])("%s finds %s", async (query, id) => {
    expect(await find()(query)).toEqual([id]);
  });
});

describe("versions", () => {
  test.each([
    ["2.3", ["release"]],
    ["v2.3", ["release"]],
    ["2.3.1", ["release"]],
    ["v2.3.1", ["release"]],
    ["2.30", ["other"]],
    ["20.11", ["node"]],
    ["node 20.11.0", ["node"]],
    ["3.1", []],
  ])("%s finds %j", async (query, ids) => {
    expect(await find()(query)).toEqual(ids);
  });
});
