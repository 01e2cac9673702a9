import { type ChildProcess, spawn } from "node:child_process";
import { request } from "node:http";
import { onTestFinished } from "vitest";
import { type Env, hermeticEnv, sharedHome } from "./hermeticEnv.ts";
import { CLI } from "./runCli.ts";

/** An answer of the server. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** As they came over the wire. */
  readonly bytes: Buffer;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
  readonly json: any;
}

/** What a test asks for; `body` goes as JSON unless it is a text, which goes as it is. */
export interface Ask {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A running `ayo serve`. */
export interface ServeProcess {
  /** As printed, without the token. */
  readonly url: string;
  /** As printed. */
  readonly printed: string;
  readonly pid: number;
  stderr(): string;
  ask(path: string, options?: Ask): Promise<Reply>;
  /** Sends a signal; the exit status. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts a server in `cwd` on a free port; it ends with the test. */
export async function startServe(
  cwd: string,
  args: readonly string[] = [],
  {
    env = {},
    cleanUp = onTestFinished,
    cli = CLI,
  }: { readonly env?: Env; readonly cleanUp?: (end: () => void) => void; readonly cli?: string } = {},
): Promise<ServeProcess> {
  const port = args.includes("--port") ? [] : ["--port", "0"];
  const child = spawn(process.execPath, [cli, "serve", ...port, ...args], {
    cwd,
    env: { ...hermeticEnv(sharedHome()), ...env },
  });
  cleanUp(() => void child.kill("SIGKILL"));
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const deadline = Date.now() + 30_000;
  while (!stderr.includes("serving")) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`ayo serve: ${child.exitCode} ${stderr}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const printed = stdout.trim();
  const url = printed.replace(/\/\?token=.*$/, "");
  return {
    url,
    printed,
    pid: child.pid as number,
    stderr: () => stderr,
    ask: (path, options) => ask(url + path, options),
    end: (signal = "SIGTERM") => ended(child, signal),
  };
}

/** Sends one request exactly as told: no header is added but those of JSON. */
export function ask(url: string, { method, body, headers = {} }: Ask = {}): Promise<Reply> {
  const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
  const type: Record<string, string> =
    text === undefined ? {} : { "content-type": "application/json", "content-length": String(Buffer.byteLength(text)) };
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { method: method ?? (text === undefined ? "GET" : "POST"), headers: { ...type, ...headers } },
      (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.on("end", () => {
          const bytes = Buffer.concat(parts);
          const got = bytes.toString("utf8");
          const isPlain = response.headers["content-encoding"] === undefined;
          const isJson = /[/+]json/.test(response.headers["content-type"] ?? "") && isPlain && got !== "";
          const { statusCode = 0 } = response;
          resolve({
            status: statusCode,
            headers: response.headers,
            bytes,
            text: got,
            json: isJson ? JSON.parse(got) : undefined,
          });
        });
      },
    );
    sent.on("error", reject).end(text);
  });
}

function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => {
    child.once("close", (code) => resolve(code));
    child.kill(signal);
  });
}

/** An event of a stream: its lines, and its data read. */
export interface Sent {
  readonly id: string | undefined;
  readonly event: string;
  // biome-ignore lint/suspicious/noExplicitAny: see Reply.
  readonly data: any;
}

/** An open stream of events. */
export interface EventStream {
  readonly sent: readonly Sent[];
  /** The first event, past or to come, that fits. */
  until(event: string, id?: string): Promise<Sent>;
  close(): void;
}

/** Opens `/api/events`; resolves once the server has greeted. */
export async function openEvents(url: string, headers: Readonly<Record<string, string>> = {}): Promise<EventStream> {
  const sent: Sent[] = [];
  let rest = "";
  const opened = request(url, { headers: { accept: "text/event-stream", ...headers } }, (response) => {
    response.setEncoding("utf8").on("data", (part: string) => {
      const blocks = (rest + part).split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) {
        const lines = new Map(block.split("\n").map((line) => line.split(/: ?(.*)/s, 2) as [string, string]));
        if (lines.has("data")) {
          sent.push({
            id: lines.get("id"),
            event: lines.get("event") ?? "",
            data: JSON.parse(lines.get("data") ?? ""),
          });
        }
      }
    });
  });
  opened.on("error", () => {});
  opened.end();
  onTestFinished(() => void opened.destroy());
  const until = async (event: string, id?: string): Promise<Sent> => {
    for (const deadline = Date.now() + 60_000; Date.now() < deadline; ) {
      const found = sent.find((one) => one.event === event && (id === undefined || one.data.ticket.id === id));
      if (found !== undefined) return found;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error(`no event ${event} ${id ?? ""} in ${JSON.stringify(sent)}`);
  };
  await Promise.race([until("hello"), until("reset")]);
  return { sent, until, close: () => void opened.destroy() };
}
