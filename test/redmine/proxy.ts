import http from "node:http";
import type { AddressInfo } from "node:net";

/** A request on its way. */
export interface Passing {
  readonly operation: string;
  readonly isWrite: boolean;
}

/** What becomes of a request: the line breaks before it comes there, or before its answer comes back. */
export type Mishap = "dropBefore" | "dropAfter";

/** A line to a server, which is listened to, and may break. */
export interface Line {
  readonly url: string;
  readonly seen: Passing[];
  onRequest: (passing: Passing) => Mishap | undefined | Promise<Mishap | undefined>;
  readonly close: () => Promise<void>;
}

/** Lays a line to a server. */
export async function lineTo(url: string): Promise<Line> {
  const server = http.createServer((request, response) => {
    pass(request, response).catch(() => response.destroy());
  });
  const agent = new http.Agent({ keepAlive: true });
  const pass = async (request: http.IncomingMessage, response: http.ServerResponse): Promise<void> => {
    const { method = "", url: path = "", headers } = request;
    const passing = { operation: `${method} ${path}`, isWrite: method !== "GET" };
    line.seen.push(passing);
    const mishap = await line.onRequest(passing);
    if (mishap === "dropBefore") {
      response.destroy();
      return;
    }
    const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
      const asked = http.request(new URL(path, url), { method, headers, agent }, resolve);
      asked.on("error", reject);
      request.pipe(asked);
    });
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk as Buffer);
    if (mishap === "dropAfter") {
      response.destroy();
      return;
    }
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    response.end(Buffer.concat(chunks));
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const line: Line = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen: [],
    onRequest: () => undefined,
    close: async () => {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return line;
}
