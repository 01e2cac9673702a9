import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { nextTime } from "../../../src/actions/tracker/nextTime.ts";
import { TrackerError } from "../../../src/trackers/provider.ts";
import { LINEAR_KEY, linearServer } from "../../helpers/linear/server.ts";
import { trackedBy, trackedStore } from "../../helpers/linear/trackedStore.ts";
import { tempStore } from "../../helpers/tempStore.ts";

const configOf = ({ tickets }: { readonly tickets: string }) => readFileSync(path.join(tickets, "config.yml"), "utf8");

describe("ayo tracker add", () => {
  test("shows the mapping and asks; writes ids of states; once more it keeps what was set", async () => {
    const [store, linear] = await Promise.all([tempStore(), linearServer()]);
    onTestFinished(linear.close);
    const { run, ayo } = trackedBy(store, linear);
    const line = ["tracker", "add", "linear", "--team", "eng", "--url", linear.url];
    const asked = await run(...line);
    expect([asked.code, asked.stderr]).toEqual([2, expect.stringContaining("Say yes with --yes")]);
    expect(await ayo(...line, "--dry-run")).toContain("in_review    ↔  In Review    same name");
    expect(configOf(store)).not.toContain("trackers");
    await ayo(...line, "--yes");
    expect(configOf(store)).toContain(`
trackers:
  linear:
    team: ENG
    team-id: team-eng
    url: '${linear.url}'
    push: linked
    states:
      open: state-todo
`);
    await ayo("config", "trackers.linear.push", "all");
    await ayo("tracker", "map", "--person", "@coder=jo", "--state", "blocked=");
    await ayo(...line, "--yes");
    expect(configOf(store)).toMatch(/push: all\n[\s\S]*'@coder': user-jo/);
    store.judge();
  });

  test.each([
    [["--team", "NOPE"], 1, "Linear has no team NOPE: the teams are ENG, OPS"],
    [["--team", "ENG", "--push", "some"], 2, "push"],
    [["--team", "ENG", "--as", "@coder", "--yes"], 1, "only a person can connect"],
    [[], 2, "team"],
  ])("%j is refused", async (words, code, said) => {
    const [store, linear] = await Promise.all([tempStore(), linearServer()]);
    onTestFinished(linear.close);
    const result = await trackedBy(store, linear).run("tracker", "add", "linear", "--url", linear.url, ...words);
    expect([result.code, result.stderr]).toEqual([code, expect.stringContaining(said)]);
    expect(configOf(store)).not.toContain("trackers");
  });
});

describe("ayo tracker map", () => {
  test("changes which state a column is and who an agent is there, by names or ids", async () => {
    const { ayo, run, store, sync, issueOf } = await trackedStore();
    await ayo("tracker", "map", "--state", "open=Backlog", "--person", "@coder=Jo Park");
    const id = await ayo("ticket", "create", "One", "--assignee", "@coder", "-q");
    await sync();
    expect([issueOf(id).state, issueOf(id).assignee]).toEqual(["state-backlog", "user-jo"]);
    const before = configOf(store);
    for (const [words, said] of [
      [["--state", "open=Nope"], "team ENG has no state 'Nope'; there are"],
      [["--state", "nope=Done"], "there is no column 'nope'"],
      [["--person", "@coder=Nobody"], "nobody there is called 'Nobody'"],
      [["--state", "open"], "must be NAME=VALUE"],
    ] as const) {
      const result = await run("tracker", "map", ...words);
      expect([result.code, result.stderr]).toEqual([2, expect.stringContaining(said)]);
    }
    expect(configOf(store)).toBe(before);
  });
});

describe("single tickets", () => {
  test("unlinked, both stay as they are; pulled again, they are one, and nothing is doubled", async () => {
    const { ayo, sync, store, world, issueOf, quiet } = await trackedStore("linked");
    const id = await ayo("ticket", "create", "One", "-q");
    await ayo("ticket", "note", id, "Here.");
    await ayo("tracker", "publish", id, "--yes");
    const issue = issueOf(id);
    await ayo("tracker", "unlink", id);
    world.update(issue.id, { title: "Other" }, "user-mara");
    await ayo("ticket", "update", id, "-p", "0");
    await sync("--whole");
    expect([store.text(id).includes("# One\n"), issue.priority, store.files()]).toEqual([true, 3, [`${id}.md`]]);
    await ayo("tracker", "pull", "ENG-1");
    expect(store.text(id)).toContain("# Other\n");
    expect([world.issues.size, world.comments.size, store.text(id).match(/^Here\.$/gm)?.length]).toEqual([1, 1, 1]);
    await quiet();
  });

  test("a key that nothing there has, and an id that nothing here has", async () => {
    const { run } = await trackedStore("linked");
    const pulled = await run("tracker", "pull", "ENG-99");
    expect([pulled.code, pulled.stderr]).toEqual([1, expect.stringContaining("nothing that is called 'ENG-99'")]);
    const published = await run("tracker", "publish", "nope-1", "--yes");
    expect([published.code, published.stderr]).toEqual([1, expect.stringContaining("ticket 'nope-1' not found")]);
  });
});

test("who cannot reach a tracker hears that the next sync tries again; what does not pass is said as it is", () => {
  const gone = nextTime(new TrackerError("unreachable", "api.github.com: connect ECONNREFUSED"));
  expect(String(gone)).toContain("api.github.com: connect ECONNREFUSED: the next sync tries again");
  const wrong = new TrackerError("auth", "no");
  expect(nextTime(wrong)).toBe(wrong);
});

test("the key is in no file, no log and no answer, also where Linear's own error says it", async () => {
  const { run, store, linear } = await trackedStore();
  await run("ticket", "create", "One");
  linear.onRequest = ({ operation }) => (operation === "CreateIssue" ? "500after" : undefined);
  const results = [
    await run("sync", "linear", "--yes"),
    await run("sync", "linear", "--dry-run", "--json"),
    await run("tracker", "status", "--json"),
    await run("sync", "linear", "--yes", "--json"),
  ];
  expect(results.map(({ stdout, stderr }) => stdout + stderr).join("")).not.toContain(LINEAR_KEY);
  const { execFileSync } = await import("node:child_process");
  const home = (await import("../../helpers/hermeticEnv.ts")).sharedHome();
  const found = execFileSync("sh", ["-c", `grep -rl ${LINEAR_KEY} '${store.dir}' '${home}' || true`]).toString();
  expect(found).toBe("");
});
