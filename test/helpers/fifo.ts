import { execFileSync } from "node:child_process";

/** Makes a named pipe, which whoever opens it for reading waits at. */
export function fifo(file: string): void {
  execFileSync("mkfifo", [file]);
}
