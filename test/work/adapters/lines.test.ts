import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LineSplitter } from "../../../src/work/adapters/lines.ts";

/** All lines of chunks, which lie in one place that is used again and again. */
function linesOf(chunks: readonly Uint8Array[], splitter = new LineSplitter()) {
  const place = Buffer.alloc(Math.max(1, ...chunks.map((chunk) => chunk.length)));
  const lines = chunks.flatMap((chunk) => {
    place.set(chunk);
    return splitter.push(place.subarray(0, chunk.length));
  });
  return { lines, rest: splitter.finish(), splitter };
}

describe("lines of bytes", () => {
  test("are the same however the bytes are cut, and each says where it ends", () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 20 }),
      fc.constantFrom(...["\n", "é\n", "\r\n", "🎟"].map((one) => Buffer.from(one))),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (chunks) => {
        const whole = Buffer.concat(chunks);
        const { lines, rest } = linesOf(chunks);
        const parts = whole.toString("latin1").split("\n");
        const texts = parts.map((part) => Buffer.from(part, "latin1").toString().replace(/\r$/, ""));
        expect(lines.map(({ text }) => text)).toEqual(texts.slice(0, -1));
        expect(rest?.text ?? "").toBe(texts.at(-1));
        const again = lines.map(({ end }) => linesOf([whole.subarray(end)], new LineSplitter(end)));
        for (const [at, { lines: behind }] of again.entries()) expect(behind).toEqual(lines.slice(at + 1));
      }),
    );
  });

  test("have replacement characters for what is no UTF-8", () => {
    const { lines } = linesOf([Buffer.from([0x61, 0xff, 0xfe, 0x0a])]);
    expect(lines).toEqual([{ text: "a\uFFFD\uFFFD", end: 4 }]);
  });

  test("are cut where they are too long, with a word about it, and the next is whole", () => {
    const { lines, rest, splitter } = linesOf(
      [..."abcdefghij\nnext\nlong long rest"].map((char) => Buffer.from(char)),
      new LineSplitter(0, 8),
    );
    expect(lines).toEqual([
      { text: "abcdefgh… (a line of 10 bytes)", end: 11, isCut: true },
      { text: "next", end: 16 },
    ]);
    expect(rest).toEqual({ text: "long lon… (a line of 14 bytes)", end: 30, isCut: true });
    expect(splitter.finish()).toBe(undefined);
    expect(splitter.offset).toBe(30);
    const exact = linesOf([Buffer.from("12345678\n123456789\n")], new LineSplitter(0, 8)).lines;
    expect(exact.map(({ isCut }) => isCut)).toEqual([undefined, true]);
  });

  test("of 16 MB are whole and cost no more than their bytes, in pieces of a few of them", () => {
    const line = Buffer.from(`${"x".repeat(10 * 1024 * 1024)}\n`);
    const pieces = Array.from({ length: Math.ceil(line.length / 100) }, (_, at) =>
      line.subarray(at * 100, at * 100 + 100),
    );
    const before = process.cpuUsage();
    const { lines } = linesOf(pieces);
    expect(lines.map(({ text }) => text.length)).toEqual([10 * 1024 * 1024]);
    expect(process.cpuUsage(before).user).toBeLessThan(10_000_000);
  });

  test("that never end take no more room than a line may have", () => {
    const splitter = new LineSplitter();
    const chunk = Buffer.alloc(1024 * 1024, "x");
    const before = process.memoryUsage().arrayBuffers;
    for (let at = 0; at < 100; at++) expect(splitter.push(chunk)).toEqual([]);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024 * 1024);
    const [line] = splitter.push(Buffer.from("\n"));
    expect(line).toMatchObject({ end: 100 * 1024 * 1024 + 1, isCut: true });
    expect(line?.text).toMatch(/^x{65536}… \(a line of 104857600 bytes\)$/);
  });
});
