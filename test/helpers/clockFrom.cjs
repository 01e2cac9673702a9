// Preloaded with --require: the clock of this process goes by so many milliseconds more than the file AYO_TEST_CLOCK
// says, as a clock that somebody sets does.
const fs = require("node:fs");

const file = process.env.AYO_TEST_CLOCK;
const real = Date.now;
const shifted = () => {
  try {
    return real() + Number(fs.readFileSync(file, "utf8"));
  } catch {
    return real();
  }
};

globalThis.Date = class extends Date {
  constructor(...args) {
    if (args.length === 0) super(shifted());
    else super(...args);
  }
  static now() {
    return shifted();
  }
};
