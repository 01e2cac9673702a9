import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import type { TestProject } from "vitest/node";
import { installRedmine } from "./installRedmine.ts";
import { CACHE, ENV, STATE, within } from "./redmine.ts";

/** A Redmine that answers, and who may ask it. */
export interface Redmine {
  readonly url: string;
  readonly people: Readonly<Record<"admin" | "mara" | "jo", { readonly id: number; readonly key: string }>>;
  /** The id of the role that may do all in a project. */
  readonly role: number;
}

declare module "vitest" {
  interface ProvidedContext {
    redmine: Redmine;
  }
}

const LIMIT_MS = 120_000;

/** Vitest's global set-up: one Redmine for all tests, each of which has a project of its own in it. */
export default async function startRedmine(project: TestProject): Promise<() => Promise<void>> {
  const root = installRedmine();
  const top = mkdtempSync(path.join(CACHE, "running-"));
  const state = path.join(top, "state");
  cpSync(path.join(root, STATE), state, { recursive: true, verbatimSymlinks: true });
  const [command, args] = within(root, state, ["/usr/bin/ruby", "/usr/share/redmine/serve.rb"]);
  const child = spawn(command, args, { env: { ...process.env, ...ENV }, stdio: ["pipe", "pipe", "pipe"] });
  let said = "";
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const port = await new Promise<number>((resolve, reject) => {
    const limit = setTimeout(() => child.kill("SIGKILL"), LIMIT_MS);
    child.stderr.on("data", (chunk: Buffer) => {
      said = `${said}${chunk}`.slice(-4000);
    });
    child.stdout.on("data", (chunk: Buffer) => {
      clearTimeout(limit);
      resolve(Number(String(chunk)));
    });
    child.once("error", reject);
    child.once("close", (code) => reject(new Error(`AYO_REDMINE=1: Redmine ended with ${code}:\n${said}`)));
  });
  const facts = JSON.parse(readFileSync(path.join(root, "facts.json"), "utf8")) as Omit<Redmine, "url">;
  project.provide("redmine", { url: `http://127.0.0.1:${port}`, ...facts });
  return async () => {
    // It ends when nobody holds its stdin any more.
    child.stdin.end();
    await ended;
    rmSync(top, { recursive: true, force: true });
  };
}
