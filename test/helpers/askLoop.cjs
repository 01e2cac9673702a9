// node askLoop.cjs LAUNCHER FILE ROUNDS ticket show ID --json: ROUNDS times writes the number of the round into the title of a
// ticket's file, in place, and asks at once whoever helps; prints the answers, "alone" where there was none.
const { closeSync, openSync, readFileSync, writeSync } = require("node:fs");
const [launcher, file, rounds, ...words] = process.argv.slice(2);
const { build, load } = require(launcher);
const { askOthers } = load("./ask/client.js");
const descriptor = openSync(file, "r+");
const at = readFileSync(file, "latin1").indexOf("\n# ") + 3;
for (let round = 0; round < Number(rounds); round++) {
  writeSync(descriptor, String(1_000_000 + round), at);
  if (askOthers(words, build) !== "done") writeSync(1, "alone\n");
}
closeSync(descriptor);
