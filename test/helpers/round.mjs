// Makes three changes of the store that the working directory is in at the same moment, which are written together.
import { writeSync } from "node:fs";
import { addNote, openStore, updateTickets } from "../../dist/index.js";

const store = await openStore({});
try {
  await Promise.all([
    addNote(store, { id: "t-1", text: "first of a round" }),
    updateTickets(store, { ids: ["t-2"], priority: "0" }),
    addNote(store, { id: "t-1", text: "third of a round", as: "@coder" }),
  ]);
  writeSync(1, "a round is made\n");
} catch (error) {
  console.error(`error: ${error.message}`);
  process.exitCode = error.code === "store_busy" || error.code === "git_busy" ? 3 : 1;
}
