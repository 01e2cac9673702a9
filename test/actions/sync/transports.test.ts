import { mkdirSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, expect, onTestFinished, test } from "vitest";
import { git } from "../../helpers/git.ts";
import { type Hub, httpHub, pathHub, sshHub } from "../../helpers/syncing/hubs.ts";
import { type Team, team, tipAt, tipOf } from "../../helpers/team.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import type { TempStore } from "../../helpers/tempStore.ts";

const KINDS = ["a path", "http with a credential helper", "ssh"] as const;
const realPath = process.env.PATH;

async function hubBy(kind: (typeof KINDS)[number], { hub }: Team): Promise<Hub> {
  const bin = path.join(tempDir(), "bin");
  mkdirSync(bin);
  if (kind === "ssh") return sshHub(hub, bin);
  if (kind !== "a path") return httpHub(hub, onTestFinished);
  process.env.PATH = `${bin}:${realPath}`;
  return pathHub(hub, bin);
}

afterEach(() => {
  process.env.PATH = realPath;
});

function via({ url, settings }: Hub, store: TempStore): TempStore {
  git(store.dir, "remote", "set-url", "origin", url);
  for (const [key, value] of Object.entries(settings)) git(store.dir, "config", key, value);
  return store;
}

describe.for(KINDS)("by %s", (kind) => {
  test("tickets go and come, and a line that is cut before or after the other side acted costs nothing", async () => {
    const made = team();
    const hub = await hubBy(kind, made);
    const [ann, bob] = [via(hub, made.clone("ann")), via(hub, made.clone("bob"))];
    const id = await ann.ayo("ticket", "create", "First");
    await ann.ayo("sync", "--yes");
    expect(await bob.ayo("sync")).toBe("Joined the tickets of origin: 1 ticket");

    hub.cut("before");
    await ann.ayo("ticket", "note", id, "cut before");
    const { code, stderr } = await ann.here(["sync"]);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^error: origin \(.*\) (cannot be reached|does not take)/),
    ]);
    expect(stderr).not.toContain("secret");
    hub.cut("after");
    await bob.ayo("ticket", "note", id, "cut after");
    expect(await bob.ayo("sync")).toBe("Synced with origin: 0 commits came, 1 went");
    expect(tipAt(made.hub)).toBe(tipOf(bob));
    hub.cut("none");

    expect(await ann.ayo("sync")).toBe("Synced with origin: 1 commit came, 2 went");
    expect(await bob.ayo("sync")).toBe("Synced with origin: 2 commits came, 0 went");
    for (const store of [ann, bob]) {
      expect(tipOf(store)).toBe(tipAt(made.hub));
      expect(store.text(id)).toMatch(/cut before[\s\S]*cut after|cut after[\s\S]*cut before/);
      store.judge();
    }
  });
});
