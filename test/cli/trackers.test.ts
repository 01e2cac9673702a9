import { readFileSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { trackedStore } from "../helpers/linear/trackedStore.ts";

type Json = Readonly<Record<string, unknown>>;

test("a ticket says where else it is: its page, JSON, lists; and it is found by its key", async () => {
  const { ayo, sync, run, store, world, ticketOf, issueOf } = await trackedStore();
  const one = await ayo("ticket", "create", "One", "-q");
  const issue = world.create({ title: "Two", description: "Do it." }, "user-mara");
  await sync();
  const two = ticketOf(issue);
  const [key, other] = [world.nameOf(issueOf(one)), world.nameOf(issue)];
  const page = await ayo("ticket", "show", two);
  expect(page).toContain(`\nlinear: ${other} https://linear.app/acme/issue/${other}\n`);
  expect(page).toContain(
    `\ncame from linear: no agent is started for it until a person says so (ayo ticket accept ${two})\n`,
  );
  expect(page).not.toContain("external ref");
  const { ticket, item } = await store.json<{ ticket: Json; item: Json }>("ticket", "show", one);
  const named = { provider: "linear", externalKey: key, externalUrl: `https://linear.app/acme/issue/${key}` };
  expect([ticket, item]).toMatchObject([named, { tracker: "linear", key, url: named.externalUrl, state: "linked" }]);
  const { tickets } = await store.json<{ tickets: Json[] }>("ticket", "list", "--fields", "id,externalKey,provider");
  expect(tickets.toSorted((a, b) => String(a.externalKey).localeCompare(String(b.externalKey)))).toEqual(
    [
      { id: one, externalKey: key, provider: "linear" },
      { id: two, externalKey: other, provider: "linear" },
    ].toSorted((a, b) => a.externalKey.localeCompare(b.externalKey)),
  );
  expect(await ayo("ticket", "show", key.toLowerCase(), "-q")).toBe(one);
  expect(await ayo("ticket", "history", key, "--json")).toContain(`"id":"${one}"`);
  expect((await ayo("ticket", "search", other, "-q")).split("\n")[0]).toBe(two);
  // Who changes something says which ticket he means.
  expect((await run("ticket", "close", key)).stderr).toContain(`ticket '${key}' not found`);
  await ayo("ticket", "close", one, "--force");
  await ayo("ticket", "archive", "--before", "0d");
  expect(await ayo("ticket", "show", key, "-q")).toBe(one);
});

test("a ticket that has a name of its own elsewhere keeps it, and says its tracker's too", async () => {
  const { ayo, sync, store } = await trackedStore();
  const id = await ayo("ticket", "create", "One", "--external-ref", "gh-12", "-q");
  await sync();
  expect(await ayo("ticket", "show", id)).toMatch(/\nlinear: ENG-1 https:.*\n(?:.*\n)*external ref: gh-12\n/);
  const { tickets } = await store.json<{ tickets: Json[] }>("ticket", "list", "--fields", "provider,externalKey");
  expect(tickets).toEqual([{ provider: "linear", externalKey: "ENG-1" }]);
});

test("a file that makes no sense, or is a link, breaks neither page nor list, and doctor names it", async () => {
  const { ayo, run, sync, store } = await trackedStore();
  const id = await ayo("ticket", "create", "One", "-q");
  await sync();
  const file = path.join(store.tickets, `sync/linear/${id}.json`);
  const good = readFileSync(file, "utf8");
  writeFileSync(file, "[1");
  expect(await ayo("ticket", "show", id)).toContain(`\nlinear: sync/linear/${id}.json makes no sense\n`);
  const { stdout } = await run("doctor", "--json");
  const { findings } = JSON.parse(stdout) as { findings: Json[] };
  expect(findings).toMatchObject([{ code: "bad_sync_file", severity: "error", path: `sync/linear/${id}.json` }]);
  const { tickets } = await store.json<{ tickets: Json[] }>("ticket", "list");
  expect(tickets).toMatchObject([{ id, provider: "linear" }]);
  expect(tickets[0]).not.toHaveProperty("externalKey");
  // An address that a browser would run, and what would colour a terminal.
  writeFileSync(file, good.replace(/"url": ".*"/, '"url": "javascript:alert(1)"').replace('"ENG-1"', '"\\u001b[31mE"'));
  expect(await ayo("ticket", "show", id)).toContain("\nlinear: no key yet\n");
  unlinkSync(file);
  symlinkSync("/etc/hostname", file);
  expect(await ayo("ticket", "show", id)).toMatch(/\nlinear: sync\/linear\/.* symbolic link/);
});

test("a line is completed with trackers, columns, and the tickets that can be published or unlinked", async () => {
  const { ayo, run } = await trackedStore("linked");
  const [one, two] = [await ayo("ticket", "create", "One", "-q"), await ayo("ticket", "create", "Two", "-q")];
  await ayo("tracker", "publish", one, "--yes");
  const words = async (...line: string[]): Promise<string[]> =>
    (await run("completion", "--words", "--", ...line)).stdout.split("\n").flatMap((at) => at.split("\t")[0] || []);
  expect(await words("tracker", "add", "")).toEqual(["linear", "github"]);
  expect(await words("sync", "")).toContain("linear");
  expect(await words("tracker", "publish", "")).toEqual([two]);
  expect(await words("tracker", "unlink", "")).toEqual([one]);
  expect(await words("tracker", "map", "--state", "in_r")).toEqual(["in_review="]);
});
