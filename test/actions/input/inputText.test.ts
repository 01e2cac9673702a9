import { isUtf8 } from "node:buffer";
import fc from "fast-check";
import { expect, test } from "vitest";
import { inputText } from "../../../src/actions/input/inputText.ts";

const piece = fc.oneof(
  fc.constantFrom("a", "\n", "é", "日", "🙂", "\uFFFD", "\uFEFF").map((text) => Buffer.from(text)),
  fc
    .constantFrom([0xe9], [0xff], [0xc3], [0xe2, 0x82], [0xf0, 0x9f, 0x99], [0xed, 0xa0, 0x80], [0xc0, 0x80])
    .map((bytes) => Buffer.from(bytes)),
);

test("what is UTF-8 is the text, and of the rest the first byte that is none is named", () => {
  const check = (pieces: readonly Buffer[]): void => {
    const bytes = Buffer.concat(pieces);
    if (isUtf8(bytes)) {
      expect(Buffer.from(inputText(bytes, "x")).equals(bytes)).toBe(true);
      return;
    }
    const offset = Array.from(bytes.keys()).findLast((end) => isUtf8(bytes.subarray(0, end)));
    const line = bytes.subarray(0, offset).filter((byte) => byte === 10).length + 1;
    expect(() => inputText(bytes, "x")).toThrow(expect.objectContaining({ code: "bad_input", data: { offset, line } }));
  };
  fc.assert(fc.property(fc.array(piece, { maxLength: 12 }), check), { numRuns: 500 });
});

test("a part of a larger buffer is read alone", () => {
  const large = new Uint8Array([0xff, 0x68, 0x69, 0xff]);
  expect(inputText(large.subarray(1, 3), "x")).toBe("hi");
  expect(() => inputText(large.subarray(1), "standard input")).toThrow(
    "standard input is not UTF-8 text: byte 0xFF at offset 2, line 1; nothing was changed",
  );
});
