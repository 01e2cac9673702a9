// Preloaded: writes what was loaded, and which tickets were looked at, when a frame is written that has FIRST_TEXT.
const fs = require("node:fs");
const { write } = require("node:tty").WriteStream.prototype;
const { lstatSync } = fs;
let looks = 0;
fs.lstatSync = (file, ...options) => {
  if (String(file).endsWith(".md")) looks++;
  return lstatSync(file, ...options);
};
require("node:tty").WriteStream.prototype.write = function (text, ...rest) {
  if (String(text).includes(process.env.FIRST_TEXT) && !fs.existsSync(process.env.FIRST_REPORT)) {
    const scripts = [...process.mainModule.exports.scripts];
    const packs = scripts.map(([file]) => /([a-z]+)-[0-9a-f]+\.js$/.exec(file)[1]);
    const isWarm = scripts.every(([, script]) => script.cachedDataRejected === false);
    fs.writeFileSync(process.env.FIRST_REPORT, JSON.stringify({ packs, isWarm, looks }));
  }
  return write.call(this, text, ...rest);
};
