import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { card, faults, open, until, useBrowser } from "../../helpers/boardPage.ts";
import { GITHUB_KEY } from "../../helpers/github/server.ts";
import { trackedRepo } from "../../helpers/github/trackedRepo.ts";
import { startServe } from "../../helpers/serveProcess.ts";
import { sharingTeam, tipAt, tipOf } from "../../helpers/team.ts";
import { tempStore } from "../../helpers/tempStore.ts";

useBrowser();

test("the sync of a store is seen and begun by a button alone: what waits, claims that nobody confirmed, what gave way", async () => {
  const { ann, bob, hub, ids } = await sharingTeam(["First", "Second"]);
  const [first = "", second = ""] = ids;
  const servers = await Promise.all([startServe(ann.dir), startServe(bob.dir)]);
  const [page, other] = await Promise.all(servers.map(({ url }) => open(`${url}/board`, {})));
  if (page === undefined || other === undefined) throw new Error("no page");
  await card(page, first).waitFor();
  for (const seen of [page, other]) {
    await seen.locator("[data-card]").first().waitFor();
    await seen.keyboard.press("g");
    await seen.keyboard.press("y");
    await seen.getByText("Last contact").waitFor();
  }
  // Both change what merges only as a whole, and one line.
  for (const [store, words] of [
    [ann, "ann"],
    [bob, "bob"],
  ] as const) {
    mkdirSync(path.join(store.tickets, "schemas"), { recursive: true });
    writeFileSync(path.join(store.tickets, "schemas/plan.json"), `{"title": "${words}"}\n`);
    await store.ayo("ticket", "update", first, "--title", `Called by ${words}`);
  }
  // Nobody is reached: what is claimed here may be another's.
  renameSync(hub, `${hub}.away`);
  await bob.here(["ticket", "claim", second, "--as", "@coder"]);
  await other.goto(`${servers[1]?.url}/board`);
  await card(other, second).locator(".asks", { hasText: "not confirmed" }).waitFor();
  await other.goBack();
  await other.locator(".lines a", { hasText: second }).waitFor();
  await other.getByRole("button", { name: "Sync now" }).click();
  await other.locator("[role=status] .notice").waitFor();
  await other.getByText("The last try failed").waitFor();
  renameSync(`${hub}.away`, hub);

  await page.getByRole("button", { name: "See what would come and go" }).click();
  await page.getByText(/^0 would come, \d+ would go$/).waitFor();
  expect(tipAt(hub)).not.toBe(tipOf(ann));
  await page.getByRole("button", { name: "Sync now" }).focus();
  await page.keyboard.press("Enter");
  await page.getByText(/^0 came, \d+ went$/).waitFor();
  expect(tipAt(hub)).toBe(tipOf(ann));
  await other.getByRole("button", { name: "Sync now" }).click();
  await other.getByText(/^[1-9]\d* came, [1-9]\d* went$/).waitFor();
  await other.getByRole("heading", { name: "Set aside" }).waitFor();
  await other.locator(".lines code", { hasText: "schemas/plan.json" }).waitFor();
  await until(async () => (await other.locator(".lines a", { hasText: second }).count()) === 0, "the claim confirmed");
  expect(await other.locator("[role=status] .lines").innerText()).toContain(first);
  // That a change gave way is seen on the board, too.
  await other.goto(`${servers[1]?.url}/board`);
  await card(other, first).locator(".asks", { hasText: "gave way in a merge" }).waitFor();
  for (const seen of [page, other]) expect(faults.get(seen)).toEqual([]);
});

test("trackers have what waits, why something was refused, and how values go over; they are asked by buttons alone", async () => {
  const { store, github, world, ayo } = await trackedRepo("linked");
  const own = await store.ayo("ticket", "create", "Ours");
  const issue = world.create({ title: "Theirs" }, "mara");
  const server = await startServe(store.dir, [], { env: { GITHUB_TOKEN: GITHUB_KEY } });
  const before = github.seen.length;
  const page = await open(`${server.url}/sync`, {});
  const panel = page.getByRole("region", { name: "github acme/web" });
  await panel.getByText("published tickets").waitFor();
  await page.getByText("The tickets are not shared").waitFor();
  expect(github.seen.length).toBe(before);
  await panel.getByRole("button", { name: "Show mapping" }).click();
  await panel.getByRole("table").first().getByText("Open").first().waitFor();
  await panel.getByLabel(/^Pull/).fill(`#${issue.number}`);
  await page.keyboard.press("Enter");
  await panel.getByText(/^[1-9] came/).waitFor();
  const { tickets } = await store.json<{ tickets: { id: string; title: string }[] }>("ticket", "list");
  const pulled = tickets.find(({ title }) => title === "Theirs")?.id ?? "";
  // The first thing that leaves needs a person's yes at a terminal: that is said, and what was typed stays.
  await panel.getByLabel(/^Publish/).fill(own);
  await panel.getByRole("button", { name: "Publish" }).click();
  await panel.locator("[role=status] .notice", { hasText: "needs a yes" }).waitFor();
  await page.reload();
  await panel.getByText("published tickets").waitFor();
  expect(await panel.getByLabel(/^Publish/).inputValue()).toBe(own);
  expect(await panel.getByLabel(/^Pull/).inputValue()).toBe("");
  await ayo("tracker", "publish", own, "--yes");
  await store.ayo("ticket", "update", own, "--title", "Ours, too");
  github.onRequest = ({ isWrite }) => (isWrite ? "refused" : undefined);
  await panel.getByRole("button", { name: "Sync now" }).click();
  await panel.getByRole("heading", { name: "Refused" }).waitFor();
  await panel.locator(".lines li", { hasText: own }).filter({ hasText: "title" }).first().waitFor();

  // A card leads to its issue by a click on the number.
  await page.goto(`${server.url}/board`);
  await card(page, pulled)
    .locator(".key", { hasText: `#${issue.number}` })
    .waitFor();
  await page.context().route("**/acme/web/issues/**", (route) => route.fulfill({ body: "there" }));
  const [opens] = await Promise.all([page.waitForEvent("popup"), card(page, pulled).locator(".key").click()]);
  expect(opens.url()).toContain(`/acme/web/issues/${issue.number}`);
  await opens.close();
  expect(github.offences).toEqual([]);
  expect((faults.get(page) ?? []).filter((fault) => !fault.startsWith("request:"))).toEqual([]);
});

test("a store that is alone says how it is shared, and how a tracker is connected", async () => {
  const store = await tempStore();
  await store.ayo("ticket", "create", "One");
  const { url } = await startServe(store.dir);
  const page = await open(`${url}/sync`);
  await page.getByText("The tickets are not shared, and the project has no remote.").waitFor();
  await page.getByText("ayo tracker add").waitFor();
  expect(await page.getByRole("button", { name: "Sync now" }).count()).toBe(0);
});
