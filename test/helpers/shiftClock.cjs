// Preloaded with --require: this process's clock goes wrong by AYO_CLOCK_SHIFT_MS; how long the machine is up it does not touch.
const shift = Number(process.env.AYO_CLOCK_SHIFT_MS);
const RealDate = Date;
const now = () => RealDate.now() + shift;

globalThis.Date = class extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(now());
    else super(...args);
  }
  static now() {
    return now();
  }
};
