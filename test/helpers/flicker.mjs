// Takes the file or folder argv[2] away and puts it back without end (aside: argv[3], on the same file system), until
// its input ends; then it is there. Prints a line once it has begun.
import { cpSync, renameSync, rmSync, writeSync } from "node:fs";

const [, , target, aside] = process.argv;
let isOver = false;
process.stdin.on("end", () => (isOver = true)).resume();

function move(from, to) {
  try {
    renameSync(from, to);
    return true;
  } catch {
    return false;
  }
}

/** Where somebody has made another folder meanwhile, what is in that one stays. */
function putBack() {
  if (move(aside, target)) return;
  cpSync(aside, target, { recursive: true, force: false });
  rmSync(aside, { recursive: true });
}

for (let round = 0; !isOver; round++) {
  const isAway = move(target, aside);
  await new Promise((resolve) => setTimeout(resolve, round % 3));
  if (isAway) putBack();
  await new Promise((resolve) => setTimeout(resolve, round % 5));
  if (round === 0) writeSync(1, "begun\n");
}
