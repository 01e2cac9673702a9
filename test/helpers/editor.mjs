// An editor that does not stop: adds a numbered line to the file argv[2] every argv[4] milliseconds, until its standard
// input ends. How it writes is argv[3], its name argv[5]:
//   append    opens the file anew for each line (>>, a logger)
//   held      opens it once, and appends through that (tee -a)
//   in-place  reads, adds, truncates and writes (a naive editor)
//   rename    reads, adds, writes beside and renames over it (vim, VS Code)
// At the end it prints, as JSON, the lines that it wrote and those of its own that it once read back as missing.
import {
  appendFileSync,
  closeSync,
  fstatSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import path from "node:path";

const [, , file, kind, every, name] = process.argv;
const written = [];
const missed = new Set();
let [handle, moved] = [undefined, 0];

/** The file with a line more; what of this editor's is not in it was taken by somebody else. */
function withLine(line) {
  const text = readFileSync(file, "utf8");
  for (const one of written) if (!text.includes(`${one}\n`)) missed.add(one);
  return `${text}${line}\n`;
}

const WAYS = {
  append: (line) => appendFileSync(file, `${line}\n`),
  held: (line) => {
    handle ??= openSync(file, "a");
    if (fstatSync(handle).ino !== statSync(file).ino) moved++;
    writeSync(handle, `${line}\n`);
  },
  "in-place": (line) => writeFileSync(file, withLine(line)),
  rename: (line) => {
    const beside = path.join(path.dirname(file), `.${name}.swp`);
    writeFileSync(beside, withLine(line));
    renameSync(beside, file);
  },
};

function write() {
  const line = `line ${written.length + 1} of ${name}.`;
  WAYS[kind](line);
  written.push(line);
  if (written.length === 1) console.log("begun");
}

write();
const timer = setInterval(write, Number(every));
process.stdin.resume().on("end", () => {
  clearInterval(timer);
  write();
  if (handle !== undefined) closeSync(handle);
  console.log(JSON.stringify({ written, missed: [...missed], moved }));
});
