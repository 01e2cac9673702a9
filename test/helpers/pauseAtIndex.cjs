// Preloaded with --require: stops this process (SIGSTOP) once an index of a pack has its name; SIGCONT lets it go on.
const fs = require("node:fs");
const { syncBuiltinESMExports } = require("node:module");

const { renameSync } = fs;
fs.renameSync = (from, to) => {
  renameSync(from, to);
  if (to.endsWith(".idx")) process.kill(process.pid, "SIGSTOP");
};
syncBuiltinESMExports();
