import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { seeLanded } from "../../../src/store/codeCommits/landed/seeLanded.ts";
import { readFresh } from "../../../src/store/disk/view.ts";
import { git } from "../../helpers/git.ts";
import { change } from "../../helpers/landedScene.ts";
import { type TempStore, tempStore } from "../../helpers/tempStore.ts";

/** A shop with parts, one of which has a part itself, each done on a branch of its own; and who waits for the shop. */
async function shopScene() {
  const store = await tempStore({ project: true });
  const { dir } = store;
  await store.ayo("config", "ready.deps", "landed");
  const shop = await store.ayo("ticket", "create", "Shop");
  const cart = await store.ayo("ticket", "create", "Cart", "--parent", shop);
  const pay = await store.ayo("ticket", "create", "Pay", "--parent", shop);
  const card = await store.ayo("ticket", "create", "Card", "--parent", pay);
  const gone = await store.ayo("ticket", "create", "Given up", "--parent", shop);
  const open = await store.ayo("ticket", "create", "Open shop", "--dep", shop);
  for (const id of [cart, card, gone]) {
    git(dir, "checkout", "--quiet", "-b", `side-${id}`, "main");
    change(dir, id, `work TICKET: ${id}`);
  }
  git(dir, "checkout", "--quiet", "main");
  await store.ayo("ticket", "cancel", gone, "--reason", "no");
  for (const id of [cart, card, pay, shop]) await store.ayo("ticket", "close", id);
  const start = git(store.repo, "rev-parse", "HEAD");
  return { store, dir, shop, cart, pay, card, open, start };
}

/** Whether a ticket is ready and why not: by the table of the cache, and by each file read. */
async function readiness(store: TempStore, id: string) {
  const opened = store.open();
  await seeLanded(opened);
  const view = await readFresh(opened);
  const ticket = view.byId.get(id) ?? expect.fail(id);
  const whole = view.readiness(ticket);
  expect([view.isReady(ticket), view.blockers(ticket)]).toEqual([whole.ready, whole.blockedBy]);
  return { ready: whole.ready, reasons: whole.reasons };
}

test("who waits for a ticket waits for the work of its parts, and is told of which", async () => {
  const { store, dir, shop, cart, card, open, start } = await shopScene();
  const waits = (what: string) => ({ ready: false, reasons: [`waits for ${what} to land on main: Shop`] });
  expect(await readiness(store, open)).toEqual(waits(`the parts ${cart}, ${card} of ${shop} (closed)`));
  expect(await store.json("ticket", "show", open)).toMatchObject({
    waitsFor: [{ id: shop, state: "unlanded", base: "main", unlanded: [cart, card] }],
  });
  expect((await store.here(["ticket", "start", open])).stderr).toContain(
    `${open} waits for ${shop} (closed, its parts ${cart}, ${card} to land on main): Shop`,
  );
  git(dir, "merge", "--quiet", "--no-ff", "--message=cart", `side-${cart}`);
  expect(await readiness(store, open)).toEqual(waits(`the part ${card} of ${shop} (closed)`));
  expect(await store.ayo("ticket", "ready", "--explain")).toContain(
    `waits for the part ${card} of ${shop} (closed) to`,
  );
  expect(await store.ayo("ticket", "show", open)).toContain(`(closed, its part ${card} to land on main)`);
  // Who is unlanded below is not put away either.
  await store.ayo("ticket", "archive", "--before", "2099-01-01");
  expect(store.files()).toContain(`${card}.md`);
  git(dir, "merge", "--quiet", "--squash", `side-${card}`);
  git(dir, "commit", "--quiet", "--message=card");
  const landed = await store.json<{ nowReady: object[] }>("ticket", "landed", card);
  expect(landed.nowReady).toEqual([{ id: open, title: "Open shop" }]);
  expect(await readiness(store, open)).toEqual({ ready: true, reasons: [] });
  git(dir, "revert", "--no-edit", "HEAD");
  expect(await readiness(store, open)).toEqual(waits(`the part ${card} of ${shop} (closed)`));
  const lines = (await store.ayo("watch", "--until-now", "--since", start, "--json")).split("\n");
  const events = lines.map((line) => JSON.parse(line) as { event: string; ticket: { id: string }; cause: object });
  const ready = events.filter(({ event }) => event === "ticket.ready");
  expect(ready.map(({ ticket, cause }) => [ticket.id, cause])).toEqual([
    [open, expect.objectContaining({ tickets: [card] })],
  ]);
});

test("its own work and that of its parts are told apart; a ring of parents ends, and a part by hand counts at once", async () => {
  const store = await tempStore({ project: true });
  const { dir } = store;
  await store.ayo("config", "ready.deps", "landed");
  const [shop, cart] = [await store.ayo("ticket", "create", "Shop"), await store.ayo("ticket", "create", "Cart")];
  const open = await store.ayo("ticket", "create", "Open shop", "--dep", shop);
  git(dir, "checkout", "--quiet", "-b", "side");
  for (const id of [shop, cart]) change(dir, id, `work TICKET: ${id}`);
  git(dir, "checkout", "--quiet", "main");
  await store.ayo("ticket", "close", shop, cart);
  const own = `waits for ${shop} (closed) to land on main: Shop`;
  expect((await readiness(store, open)).reasons).toEqual([own]);
  const put = (id: string, parent: string) =>
    writeFileSync(
      path.join(store.tickets, `${id}.md`),
      store.text(id).replace(/^status:/m, `parent: ${parent}\nstatus:`),
    );
  put(cart, shop);
  const both = `waits for ${shop} (closed) and its part ${cart} to land on main: Shop`;
  expect((await readiness(store, open)).reasons).toEqual([both]);
  put(shop, cart);
  expect((await readiness(store, open)).reasons).toEqual([both]);
  git(dir, "merge", "--quiet", "--ff-only", "side");
  expect(await readiness(store, open)).toEqual({ ready: true, reasons: [] });
});
