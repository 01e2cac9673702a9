import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { invoke } from "../../src/actions/input/action.ts";
import { show } from "../../src/actions/show/show.ts";
import { shown } from "../../src/mcp/briefTicket.ts";
import { tempStore } from "../helpers/tempStore.ts";

test("a model is told what a ticket's tracker calls it, and that it came from there; of others nothing more", async () => {
  const store = await tempStore();
  const [one, two] = [await store.ayo("ticket", "create", "One"), await store.ayo("ticket", "create", "Two")];
  const folder = path.join(store.tickets, "sync/linear");
  mkdirSync(folder, { recursive: true });
  const pair = { key: "item-1", name: "ENG-12", url: "https://linear.app/acme/issue/ENG-12", state: "linked" };
  writeFileSync(path.join(folder, `${one}.json`), JSON.stringify(pair));
  store.write(one, store.text(one).replace("\nstatus:", "\nexternal-ref: linear:item-1\norigin: linear\nstatus:"));
  const told = async (id: string) =>
    shown(await invoke(show, store.open(), { id }), { fields: undefined, include: [] });
  expect(await told(one)).toMatchObject({ externalKey: "ENG-12", externalUrl: pair.url, origin: "linear" });
  expect(Object.keys(await told(two)).filter((name) => /external|origin|provider/.test(name))).toEqual([]);
});
