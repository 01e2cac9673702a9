import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { keptAnswers } from "../../../src/actions/tracker/side/keptAnswers.ts";
import type { Journal } from "../../../src/store/open/store.ts";
import { providerAt } from "../../helpers/github/scene.ts";
import { GITHUB_KEY, githubServer } from "../../helpers/github/server.ts";
import { tempStore } from "../../helpers/tempStore.ts";

const PLACE = { url: "https://api.github.example", key: GITHUB_KEY };
const answer = (text: string) => ({ etag: '"1"', text, link: undefined });

test("answers are kept from run to run: those that were used, for one key at one address, within measure", async () => {
  const journal = (await (await tempStore()).open()).journal as Journal;
  const file = path.join(journal.stateDir, "tracker-github.etags");
  const first = keptAnswers(journal, "github", PLACE);
  for (const url of ["a", "b"]) first.keep(url, answer(url));
  first.keep("large", answer("x".repeat(256 * 1024 + 1)));
  expect(first.find("a")?.text).toBe("a");
  first.save();
  expect([statSync(file).mode & 0o777, readFileSync(file, "utf8").includes(GITHUB_KEY)]).toEqual([0o600, false]);
  for (const other of [
    { ...PLACE, key: "another" },
    { ...PLACE, url: "https://other.example" },
  ])
    expect(keptAnswers(journal, "github", other).find("a")).toBeUndefined();
  const second = keptAnswers(journal, "github", PLACE);
  expect(["b", "large", "c"].map((url) => second.find(url)?.text)).toEqual(["b", undefined, undefined]);
  second.save();
  const third = keptAnswers(journal, "github", PLACE);
  expect(["a", "b"].map((url) => third.find(url)?.text)).toEqual([undefined, "b"]);
  // A newer answer that is too large leaves no older one.
  third.keep("b", answer("x".repeat(256 * 1024 + 1)));
  expect(third.find("b")).toBeUndefined();
  for (let n = 0; n < 50; n++) third.keep(`c${n}`, answer('"'.repeat(100 * 1024)));
  third.save();
  expect(statSync(file).size).toBeLessThanOrEqual(8 * 1024 * 1024);
  expect(keptAnswers(journal, "github", PLACE).find("c0")?.text).toHaveLength(100 * 1024);
  // Of a file that somebody changed nothing is believed.
  for (const text of [readFileSync(file, "utf8").replace("c0", "d0"), "", "{}"]) {
    writeFileSync(file, text);
    expect(["c0", "d0", "c1"].map((url) => keptAnswers(journal, "github", PLACE).find(url))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  }
  expect(readdirSync(journal.stateDir).filter((name) => name.startsWith("tracker-"))).toEqual(["tracker-github.etags"]);
});

test("what has not changed costs nothing; what has is read anew, also behind a page that was full", async () => {
  const [store, server] = await Promise.all([tempStore(), githubServer()]);
  onTestFinished(server.close);
  const journal = (await store.open()).journal as Journal;
  const { world } = server;
  const run = async (key = GITHUB_KEY) => {
    server.unchanged.length = 0;
    server.seen.length = 0;
    const etags = keptAnswers(journal, "github", { url: server.url, key });
    const provider = providerAt(server, { etags });
    await provider.describe();
    const items = await provider.items(undefined);
    const comments = await provider.comments(undefined);
    etags.save();
    provider.close();
    return [items.length, comments.length, server.seen.length, server.unchanged.length];
  };
  for (let n = 0; n < 99; n++) world.create({ title: `t${n}` }, "mara");
  expect(await run()).toEqual([99, 0, 4, 0]);
  expect(await run()).toEqual([99, 0, 4, 4]);
  // The page is full, and then there is another one: of that the first one says nothing.
  world.create({ title: "t99" }, "mara");
  expect(await run()).toEqual([100, 0, 4, 3]);
  world.create({ title: "t100" }, "mara");
  expect(await run()).toEqual([101, 0, 5, 3]);
  expect(await run()).toEqual([101, 0, 5, 5]);
  world.comment(3, "said", "mara");
  expect(await run()).toEqual([101, 1, 5, 2]);
  expect(server.offences).toEqual([]);
  // Written in the same run, and read by the same address.
  const etags = keptAnswers(journal, "github", { url: server.url, key: GITHUB_KEY });
  const provider = providerAt(server, { etags });
  await provider.get("1");
  await provider.write({
    kind: "update",
    key: "1",
    patch: { fields: { title: "b" }, addLabels: [], removeLabels: [] },
  });
  expect((await provider.get("1"))?.fields.title).toBe("b");
  server.unchanged.length = 0;
  expect((await provider.get("1"))?.fields.title).toBe("b");
  expect(server.unchanged).toEqual(["GET /issues/1", "GET /issues/1/timeline"]);
  provider.close();
});
