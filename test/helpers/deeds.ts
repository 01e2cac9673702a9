import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";

/** What somebody does: who, what, with which words. */
export type Deed = (by: string, words: readonly string[]) => void;

/**
 * Puts a command on the path of a page's blocks for what people do elsewhere: `linear jo comment ENG-1 "…"`. It runs in
 * this process, where the loopback server's state is.
 */
export async function deedsCommand(
  home: string,
  name: string,
  deeds: Readonly<Record<string, Deed>>,
  onEnd: (close: () => Promise<void>) => void,
): Promise<void> {
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const [who = "", deed = "", ...words] = JSON.parse(Buffer.concat(chunks).toString("utf8")) as string[];
      try {
        deeds[deed]?.(who, words);
        response.end();
      } catch (error) {
        response.end(`${String(error)}\n`);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onEnd(async () => {
    server.closeAllConnections();
    server.close();
  });
  const script = `fetch("http://127.0.0.1:${(server.address() as AddressInfo).port}", { method: "POST", body: JSON.stringify(process.argv.slice(1)) })
    .then((answer) => answer.text()).then((text) => process.stdout.write(text));`;
  mkdirSync(path.join(home, ".bin"), { recursive: true });
  const file = path.join(home, ".bin", name);
  writeFileSync(file, `#!/bin/sh\nexec '${process.execPath}' -e '${script}' -- "$@"\n`);
  chmodSync(file, 0o755);
}
