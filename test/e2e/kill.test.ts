import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { hashObject } from "../../src/git/objects/objects.ts";
import { createTicket, listTickets } from "../../src/index.ts";
import { hermeticEnv, sharedHome } from "../helpers/hermeticEnv.ts";
import { type TempStore, tempStore } from "../helpers/tempStore.ts";

const WRITER = path.resolve(import.meta.dirname, "../helpers/writer.mjs");
const LONG = process.env.AYO_LONG === "1";
const ROUNDS = LONG ? 10 : 2;
const WRITES = LONG ? 200 : 25;

interface Acknowledged {
  readonly created?: string;
  readonly linked?: readonly string[];
  readonly closed?: string;
}

/** A process that changes the store without end; `kill` answers what it had acknowledged. */
function startWriter({ dir, tickets }: TempStore) {
  const env = hermeticEnv(sharedHome()) as NodeJS.ProcessEnv;
  const child = spawn(process.execPath, [WRITER, tickets], { cwd: dir, env });
  let [out, err] = ["", ""];
  let begun = () => {};
  const hasBegun = new Promise<void>((resolve) => (begun = resolve));
  child.stdout.setEncoding("utf8").on("data", (chunk) => {
    out += chunk;
    begun();
  });
  child.stderr.setEncoding("utf8").on("data", (chunk) => (err += chunk));
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
  const kill = async (): Promise<Acknowledged[]> => {
    child.kill("SIGKILL");
    await ended;
    expect(err).toBe("");
    const lines = out.split("\n").slice(0, -1);
    return lines.map((line) => JSON.parse(line) as Acknowledged);
  };
  return { hasBegun, kill };
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test("kill -9 at random moments: no part of a change, nothing acknowledged is lost, the next command needs no help", async () => {
  const store = await tempStore();
  const acknowledged: Acknowledged[] = [];
  for (let round = 0; round < ROUNDS || acknowledged.length < WRITES; round++) {
    const writers = [startWriter(store), startWriter(store)];
    await Promise.all(writers.map(({ hasBegun }) => hasBegun));
    for (const { kill } of writers) {
      await pause(100 + Math.random() * 100);
      acknowledged.push(...(await kill()));
    }
    expectWholeFiles(store);
    const { commit, notices } = await createTicket(store.open(), { title: "The next command" });
    expect([commit, notices]).toEqual([expect.any(String), []]);
    store.judge();
  }
  await expectNothingLost(store, acknowledged);
}, 300_000);

/** Every file is one that was written whole: git was given its bytes before the file was put in place. */
function expectWholeFiles(store: TempStore): void {
  const blobs = store.files().map((name) => hashObject("blob", readFileSync(path.join(store.tickets, name))));
  const found = spawnSync("git", ["cat-file", "--batch-check=%(objecttype)"], {
    cwd: store.repo,
    input: blobs.join("\n"),
    encoding: "utf8",
  });
  expect(found.stdout.trim().split("\n")).toEqual(blobs.map(() => "blob"));
}

async function expectNothingLost(store: TempStore, acknowledged: readonly Acknowledged[]): Promise<void> {
  const { tickets, problems } = await listTickets(store.open(), {});
  expect(problems).toEqual([]);
  const byId = new Map(tickets.map((ticket) => [ticket.id, ticket]));
  const subjects = store.subjects();
  for (const { created, closed, linked } of acknowledged) {
    if (created !== undefined) expect(byId.has(created)).toBe(true);
    if (closed !== undefined) expect(byId.get(closed)?.status).toBe("closed");
    for (const id of linked ?? []) expect(byId.get(id)?.links).toHaveLength(2);
  }
  // A link is in both files or in none, also where nobody heard that it was made.
  for (const { id, links } of tickets) for (const other of links) expect(byId.get(other)?.links).toContain(id);
  expect(subjects.filter((subject) => subject.startsWith("create "))).toHaveLength(tickets.length);
  expect(subjects.filter((subject) => subject.includes("by hand"))).toEqual([]);
}
