import { type ChildProcess, spawn } from "node:child_process";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { inject, onTestFinished } from "vitest";
import { type Env, hermeticEnv, sharedHome } from "./hermeticEnv.ts";
import { CLI } from "./runCli.ts";

/** The two ways of speaking: with sessions (2025), and each request for itself (2026). */
export const ERAS = ["2025-11-25", "2026-07-28"] as const;

/** How a test connects. */
export interface Connect {
  readonly era?: (typeof ERAS)[number];
  readonly args?: readonly string[];
  readonly env?: Env;
  /** What the server wants to be brought along. */
  readonly token?: string;
  /** What the client calls itself. */
  readonly name?: string;
  /** Directories that the client says it works in; it may change them. */
  readonly roots?: string[];
}

/** A client of the official package, and shorthands. */
export interface McpClient {
  readonly client: Client;
  /** URIs of the changes that were told, in their order. */
  readonly updated: string[];
  /** Calls a tool that must succeed; its answer. */
  call<T = Record<string, unknown>>(tool: string, input?: Readonly<Record<string, unknown>>): Promise<T>;
  /** Calls a tool that must refuse; its error. */
  refusal(tool: string, input?: Readonly<Record<string, unknown>>): Promise<{ code: string; message: string }>;
  /** Done when a change of this URI has been told. */
  untilUpdated(uri: string): Promise<void>;
}

/** Starts `ayo mcp` in `cwd` as a client would, and speaks to it on its stdin and stdout. */
export async function stdioClient(cwd: string, options: Connect = {}): Promise<McpClient> {
  const made = newClient(options);
  const env = { ...hermeticEnv(sharedHome()), ...options.env } as Record<string, string>;
  const args = [cli(), "mcp", ...(options.args ?? [])];
  await made.client.connect(new StdioClientTransport({ command: process.execPath, args, cwd, env, stderr: "inherit" }));
  return made;
}

/** Connects to a server that {@link httpServer} started. */
export async function httpClient(url: string, options: Connect = {}): Promise<McpClient> {
  const made = newClient(options);
  const { token } = options;
  const requestInit = token === undefined ? {} : { requestInit: { headers: { authorization: `Bearer ${token}` } } };
  await made.client.connect(new StreamableHTTPClientTransport(new URL(url), requestInit));
  return made;
}

/** Starts `ayo mcp --http` on a free port; its URL. It ends with the test. */
export async function httpServer(cwd: string, args: readonly string[] = [], more: Env = {}): Promise<string> {
  const env = { ...hermeticEnv(sharedHome()), ...more };
  const child = spawn(process.execPath, [cli(), "mcp", "--http", "--port", "0", ...args], { cwd, env });
  onTestFinished(() => ended(child));
  return new Promise((resolve, reject) => {
    let said = "";
    child.on("error", reject);
    child.on("close", (code) => reject(new Error(`ayo mcp --http ended with ${code}: ${said}`)));
    child.stderr.on("data", (part: Buffer) => {
      said += part;
      const url = /^listening on (\S+)\n/m.exec(said)?.[1];
      if (url !== undefined) resolve(url);
    });
  });
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) resolve();
    child.on("close", () => resolve());
    child.kill("SIGTERM");
  });
}

function cli(): string {
  const buildError = inject("buildError");
  if (buildError !== "") throw new Error(buildError);
  return CLI;
}

function newClient({ era = ERAS[0], name = "test-client", roots }: Connect): McpClient {
  const client = new Client(
    { name, version: "1.0.0" },
    {
      capabilities: roots === undefined ? {} : { roots: { listChanged: true } },
      versionNegotiation: { mode: era === ERAS[0] ? "legacy" : { pin: era } },
    },
  );
  onTestFinished(() => client.close());
  if (roots !== undefined) {
    client.setRequestHandler("roots/list", () => ({ roots: roots.map((dir) => ({ uri: `file://${dir}` })) }));
  }
  const updated: string[] = [];
  let wake = (): void => {};
  client.setNotificationHandler("notifications/resources/updated", ({ params }) => {
    updated.push(params.uri);
    wake();
  });
  const answer = async (tool: string, input: Readonly<Record<string, unknown>> = {}) => {
    const result = await client.callTool({ name: tool, arguments: { ...input } });
    const [content] = result.content;
    if (content?.type !== "text") throw new Error(`${tool}: no text in ${JSON.stringify(result)}`);
    return { isError: result.isError === true, value: JSON.parse(content.text) };
  };
  return {
    client,
    updated,
    call: async (tool, input) => {
      const { isError, value } = await answer(tool, input);
      if (isError) throw new Error(`${tool}: ${JSON.stringify(value)}`);
      return value;
    },
    refusal: async (tool, input) => {
      const { isError, value } = await answer(tool, input);
      if (!isError) throw new Error(`${tool} did not refuse: ${JSON.stringify(value)}`);
      return value.error;
    },
    untilUpdated: async (uri) => {
      while (!updated.includes(uri)) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
