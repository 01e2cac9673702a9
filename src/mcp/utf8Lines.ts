import { isUtf8 } from "node:buffer";
import { Transform, type Writable } from "node:stream";
import { inputText } from "../actions/input/inputText.ts";
import { AyoError } from "../error.ts";

const NEWLINE = 10;
const PARSE_ERROR = -32_700;

/**
 * Passes on the lines of a protocol that are UTF-8; the others are answered with an error on `output`, under their id
 * as far as that can be read. The library would read them with other characters in place of what does not fit.
 */
export function utf8Lines(output: Writable): Transform {
  let rest: Buffer[] = [];
  const take = (stream: Transform, line: Buffer): void => {
    if (isUtf8(line)) stream.push(line);
    else output.write(`${JSON.stringify(refusalOf(line))}\n`);
  };
  return new Transform({
    transform(chunk: Buffer, _, done) {
      let start = 0;
      for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
        take(this, Buffer.concat([...rest, chunk.subarray(start, end + 1)]));
        rest = [];
        start = end + 1;
      }
      if (start < chunk.length) rest.push(chunk.subarray(start));
      done();
    },
    flush(done) {
      if (rest.length > 0) take(this, Buffer.concat(rest));
      done();
    },
  });
}

function refusalOf(line: Buffer): Readonly<Record<string, unknown>> {
  return { jsonrpc: "2.0", id: idOf(line), error: { code: PARSE_ERROR, message: whyNot(line) } };
}

function whyNot(line: Buffer): string {
  try {
    return inputText(line, "the message");
  } catch (error) {
    if (error instanceof AyoError) return error.message;
    throw error;
  }
}

function idOf(line: Buffer): string | number | null {
  try {
    const { id } = JSON.parse(line.toString("utf8")) as { readonly id?: unknown };
    return typeof id === "string" || typeof id === "number" ? id : null;
  } catch {
    return null;
  }
}
