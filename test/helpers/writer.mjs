// Changes the store in argv[2] without end, through the built library; prints one JSON line for each change that was
// acknowledged. To be killed.
import { writeSync } from "node:fs";
import { closeTickets, createTicket, linkTickets, openStore } from "../../dist/index.js";

const store = openStore({ dir: process.argv[2] });
const done = (change) => writeSync(1, `${JSON.stringify(change)}\n`);

for (;;) {
  const ids = [];
  for (const part of ["first", "second", "third"]) {
    const { ticket } = await createTicket(store, { title: `The ${part} of three` });
    ids.push(ticket.id);
    done({ created: ticket.id });
  }
  const [id] = ids;
  await linkTickets(store, { ids });
  done({ linked: ids });
  await closeTickets(store, { ids: [id] });
  done({ closed: id });
}
