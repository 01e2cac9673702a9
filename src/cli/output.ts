import { writeSync } from "node:fs";
import process from "node:process";
import { AyoError } from "../error.ts";

/**
 * Writes at once and in order. process.stdout would load sockets and streams, 4 ms of every command. A reader that
 * left (`| head`) is no failure of ours; who does not hear our messages is told the rest by the exit status.
 * @throws disk_full, bad_input where standard output cannot be written
 */
export function write(descriptor: 1 | 2, text: string): void {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(descriptor, bytes, done);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (descriptor === 2 && code !== "EAGAIN") return;
      if (code === "EPIPE") process.exit(0);
      if (code !== "EAGAIN") throw lostOutput(error as NodeJS.ErrnoException);
      // A pipe that its other end made non-blocking is full: wait for the reader.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

function lostOutput(error: NodeJS.ErrnoException): AyoError {
  const isFull = ["ENOSPC", "EDQUOT", "EFBIG"].includes(error.code ?? "");
  const why = isFull ? "no space left" : (error.code ?? error.message);
  return new AyoError(isFull ? "disk_full" : "bad_input", `standard output cannot be written: ${why}`, {
    cause: error,
  });
}
