// Changes per second of one live process, through the library. Run by run.mjs: node live.mjs STORE CALLERS CHANGES ID…
import path from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";

const [dir, callers, changes, ...ids] = process.argv.slice(2);
const library = await import(pathToFileURL(path.resolve(import.meta.dirname, "../../dist/index.js")).href);
const store = await library.openStore({ dir });

let made = 0;
async function caller() {
  while (made < Number(changes)) {
    const turn = made++;
    await library.addNote(store, { id: ids[turn % ids.length], text: `Live note ${turn}` });
  }
}

library.keepView(store);
await library.addNote(store, { id: ids[0], text: "Warm up" });
await library.listTickets(store, { limit: 1 });
await new Promise((resolve) => setTimeout(resolve, 300));
const start = process.hrtime.bigint();
await Promise.all(Array.from({ length: Number(callers) }, caller));
const seconds = Number(process.hrtime.bigint() - start) / 1e9;
console.log(Number(changes) / seconds);
