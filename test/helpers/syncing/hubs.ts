import { spawn } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { git } from "../git.ts";
import { hermeticEnv, sharedHome } from "../hermeticEnv.ts";

/** What happens to the next pushes: the line is cut before or after the other side has acted. */
export type Fault = "none" | "before" | "after";

/** A bare repository as others reach it. */
export interface Hub {
  readonly url: string;
  /** What a clone of the project has in its configuration to get there. */
  readonly settings: Readonly<Record<string, string>>;
  /** From now on. */
  cut(fault: Fault): void;
}

type CleanUp = (end: () => void) => void;

/** By its path; a `git` that is found first in PATH cuts the line, and notes in `log` what it was asked to do. */
export function pathHub(bare: string, bin: string, log?: string): Hub {
  const fault = path.join(bin, "fault");
  writeFileSync(fault, "none");
  const real = whereGit();
  script(path.join(bin, "git"), [
    ...(log === undefined ? [] : [`case "$2" in ls-remote|fetch|push) echo "$2" >> ${log};; esac`]),
    // Who has no network.
    `case "$AYO_TEST_OFFLINE $2" in "1 ls-remote"|"1 fetch"|"1 push") echo 'fatal: no route to host' >&2; exit 128;; esac`,
    `case " $* " in *" push "*) fault=$(cat ${fault});; *) fault=none;; esac`,
    `if [ "$fault" = before ]; then echo 'fatal: the remote end hung up unexpectedly' >&2; exit 128; fi`,
    `${real} "$@"; code=$?`,
    `if [ "$fault" = after ]; then echo 'fatal: the remote end hung up unexpectedly' >&2; exit 128; fi`,
    "exit $code",
  ]);
  return { url: bare, settings: {}, cut: (what) => writeFileSync(fault, what) };
}

function whereGit(): string {
  return path.join(git("/", "--exec-path"), "git");
}

/** By git's own program for servers behind a server of ours, which asks for a name and a password. */
export async function httpHub(bare: string, cleanUp: CleanUp): Promise<Hub> {
  git(bare, "config", "http.receivepack", "true");
  let fault: Fault = "none";
  const server = createServer((request, response) => {
    const isPush = request.method === "POST" && request.url?.includes("receive-pack") === true;
    if (isPush && fault === "before") request.socket.destroy();
    else if (request.headers.authorization !== `Basic ${Buffer.from("u:secret").toString("base64")}`) {
      response.writeHead(401, { "www-authenticate": 'Basic realm="x"' }).end();
    } else answer(bare, request, response, isPush && fault === "after");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanUp(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/${path.basename(bare)}`,
    settings: { "credential.helper": "!f() { echo username=u; echo password=secret; }; f" },
    cut: (what) => {
      fault = what;
    },
  };
}

/** One request by `git http-backend`, as a web server calls it. */
function answer(bare: string, request: IncomingMessage, response: ServerResponse, isLost: boolean): void {
  const [where = "", query = ""] = (request.url ?? "").split("?");
  const child = spawn("git", ["http-backend"], {
    env: {
      ...hermeticEnv(sharedHome()),
      GIT_PROJECT_ROOT: path.dirname(bare),
      GIT_HTTP_EXPORT_ALL: "1",
      REQUEST_METHOD: request.method ?? "GET",
      PATH_INFO: where,
      QUERY_STRING: query,
      REMOTE_USER: "u",
      CONTENT_TYPE: request.headers["content-type"] ?? "",
      HTTP_CONTENT_ENCODING: request.headers["content-encoding"] ?? "",
      GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
    },
  });
  request.pipe(child.stdin).on("error", () => {});
  const parts: Buffer[] = [];
  child.stdout.on("data", (part: Buffer) => parts.push(part));
  child.on("close", () => {
    // What the other side has done is done; its answer gets lost.
    if (isLost) return void request.socket.destroy();
    const all = Buffer.concat(parts);
    const end = all.indexOf("\r\n\r\n");
    const lines = all.subarray(0, end).toString("latin1").split("\r\n");
    const headers = lines.map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]);
    const status = Number(headers.find(([name]) => name === "Status")?.[1].slice(0, 3) ?? 200);
    response.writeHead(status, Object.fromEntries(headers.filter(([name]) => name !== "Status")));
    response.end(all.subarray(end + 4));
  });
}

/** By ssh, whose part a script plays that runs the command here, as in git's own tests; named by the project alone. */
export function sshHub(bare: string, bin: string): Hub {
  const fault = path.join(bin, "ssh-fault");
  const program = path.join(bin, "ssh-stand-in");
  writeFileSync(fault, "none");
  script(program, [
    "while [ $# -gt 1 ]; do shift; done",
    `case "$1" in *receive-pack*) [ "$(cat ${fault})" = before ] && exit 255;; esac`,
    'exec sh -c "$1"',
  ]);
  // The refs have moved by then, and the answer is on its way.
  script(path.join(bare, "hooks", "post-receive"), [`[ "$(cat ${fault})" = after ] && kill -9 $PPID`, "exit 0"]);
  return {
    url: `ssh://tickets.invalid${bare}`,
    settings: { "core.sshCommand": program, "ssh.variant": "simple" },
    cut: (what) => writeFileSync(fault, what),
  };
}

function script(file: string, lines: readonly string[]): void {
  writeFileSync(file, `${["#!/bin/sh", ...lines].join("\n")}\n`);
  chmodSync(file, 0o755);
}
