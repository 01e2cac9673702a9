/** What a terminal sends for keys that have names. */
const NAMED: Readonly<Record<string, string>> = {
  enter: "\r",
  // As terminals send it that are told to; by itself it is the key only if nothing follows.
  escape: "\u001b[27u",
  tab: "\t",
  "shift+tab": "\u001b[Z",
  space: " ",
  backspace: "\u007f",
  up: "\u001b[A",
  down: "\u001b[B",
  right: "\u001b[C",
  left: "\u001b[D",
  "shift+right": "\u001b[1;2C",
  "shift+left": "\u001b[1;2D",
  home: "\u001b[H",
  end: "\u001b[F",
  delete: "\u001b[3~",
  pageup: "\u001b[5~",
  pagedown: "\u001b[6~",
};

/** The bytes of a key by its name: `j`, `enter`, `ctrl+d`, `alt+b`. */
export function bytesOf(key: string): string {
  const named = NAMED[key];
  if (named !== undefined) return named;
  const control = /^ctrl\+([a-z])$/.exec(key)?.[1];
  if (control !== undefined) return String.fromCharCode(control.charCodeAt(0) - 96);
  if (key.startsWith("alt+")) return `\u001b${bytesOf(key.slice(4))}`;
  if ([...key].length === 1) return key;
  throw new Error(`no key ${key}`);
}
