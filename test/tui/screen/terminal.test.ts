import { PassThrough, Writable } from "node:stream";
import { expect, test } from "vitest";
import type { Input } from "../../../src/tui/keys/decode.ts";
import { put } from "../../../src/tui/screen/cells.ts";
import { openTerminal } from "../../../src/tui/screen/terminal.ts";

test("a frame is one write, nothing new is none, and after the end nothing is written", async () => {
  const writes: string[] = [];
  const output = new Writable({
    decodeStrings: false,
    write: (chunk, _, done) => {
      writes.push(String(chunk));
      done();
    },
  });
  const input = new PassThrough();
  const inputs: Input[] = [];
  const terminal = openTerminal(
    { input, output },
    { depth: 16, name: "xterm" },
    {
      onInput: (one) => inputs.push(one),
      onResize: () => {},
      onEnd: () => {},
    },
  );
  terminal.enter();
  const draw = (text: string): void => {
    put(terminal.begin(), 0, 0, text, 0);
    terminal.show(undefined);
  };
  const before = writes.length;
  draw("one");
  expect(writes).toHaveLength(before + 1);
  draw("one");
  expect(writes).toHaveLength(before + 1);
  draw("two 日本 👍");
  expect(writes).toHaveLength(before + 2);
  // Escape by itself is the key once nothing follows; letters that come in two pieces are whole.
  input.write("\u001b");
  await expect.poll(() => inputs).toEqual([{ kind: "key", key: "escape" }]);
  const [first, ...rest] = Buffer.from("日");
  input.write(Buffer.from([first ?? 0]));
  input.write(Buffer.from(rest));
  await expect.poll(() => inputs.at(-1)).toEqual({ kind: "key", key: "日" });
  terminal.close();
  const last = writes.length;
  terminal.enter();
  draw("three");
  terminal.copy("x");
  expect(writes).toHaveLength(last);
});
