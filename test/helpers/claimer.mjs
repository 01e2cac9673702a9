// An agent that claims the best ticket of the store in argv[2] until none is left, through the built library. Prints one
// JSON line for each claim and each close; between the two it waits as many milliseconds as argv[3] says, if any, and
// with none it closes nothing.
import { writeSync } from "node:fs";
import { claimTickets, closeTickets, openStore } from "../../dist/index.js";

const [, , dir, pause] = process.argv;
const tell = (line) => writeSync(1, `${JSON.stringify(line)}\n`);

/** On a machine that is slow enough one of fifty waits for more than the 30 s after which a command gives up. */
async function patiently(work) {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (error.code !== "store_busy") throw error;
    }
  }
}

for (;;) {
  // A store of its own for each command: what an agent's commands know of each other is on the disk.
  const options = { next: true, ...(pause ? { lease: "2s" } : {}) };
  const { tickets } = await patiently(() => claimTickets(openStore({ dir }), options));
  const [ticket] = tickets;
  if (ticket === undefined) break;
  tell({ claimed: ticket.id });
  if (pause === undefined) continue;
  await new Promise((resolve) => setTimeout(resolve, Math.random() * Number(pause)));
  try {
    await patiently(() => closeTickets(openStore({ dir }), { ids: [ticket.id] }));
    tell({ closed: ticket.id });
  } catch (error) {
    tell({ failed: ticket.id, code: error.code });
    if (error.code !== "lost_claim" && error.code !== "claimed") throw error;
  }
}
