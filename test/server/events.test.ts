import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { git } from "../helpers/git.ts";
import { grow } from "../helpers/grow.ts";
import { openEvents, startServe } from "../helpers/serveProcess.ts";
import { tempStore } from "../helpers/tempStore.ts";

describe("/api/events", () => {
  test("tells of what commands, editors and requests do, to every listener", async () => {
    const project = await tempStore();
    const id = await project.ayo("ticket", "create", "One");
    const { ask, url } = await startServe(project.dir);
    const streams = await Promise.all([openEvents(`${url}/api/events`), openEvents(`${url}/api/events`)]);
    await project.ayo("ticket", "start", id, "--as", "@coder");
    project.write(id, project.text(id).replace("# One", "# Two"));
    for (const { until } of streams) {
      expect((await until("ticket.started", id)).data).toMatchObject({
        actor: "@coder",
        ticket: { status: "in_progress" },
      });
      expect((await until("ticket.updated", id)).data.cause.byHand).toBe(true);
    }
    await ask(`/api/tickets/${id}/close`, { body: {} });
    for (const { until } of streams) expect((await until("ticket.closed", id)).data.ticket.title).toBe("Two");
    // Whether or not it can be read: only who asks again knows.
    writeFileSync(path.join(project.tickets, "config.yml"), "board: [\n");
    for (const { until } of streams) expect((await until("config")).id).toBeUndefined();
  });

  test("a client that comes back is told what it missed, once, even by a server that was started since", async () => {
    const project = await tempStore();
    const [one, two] = [await project.ayo("ticket", "create", "One"), await project.ayo("ticket", "create", "Two")];
    const first = await startServe(project.dir);
    const stream = await openEvents(`${first.url}/api/events`);
    await project.ayo("ticket", "close", one);
    const { id: last } = await stream.until("ticket.closed", one);
    stream.close();
    await project.ayo("ticket", "close", two);
    const back = await openEvents(`${first.url}/api/events`, { "last-event-id": last ?? "" });
    expect((await back.until("ticket.closed", two)).id).toBeDefined();
    expect(back.sent.filter(({ event }) => event === "ticket.closed").length).toBe(1);
    await first.end();
    const second = await startServe(project.dir);
    const again = await openEvents(`${second.url}/api/events`, { "last-event-id": last ?? "" });
    await again.until("ticket.closed", two);
    await project.ayo("ticket", "reopen", two);
    await again.until("ticket.reopened", two);
    const ids = again.sent.flatMap(({ id, event }) => (event.startsWith("ticket.") && id !== undefined ? [id] : []));
    expect(ids.length).toBe(new Set(ids).size);
    expect(ids).not.toContain(last);
  });

  test("a client with a past that the store does not know is told to read everything anew", async () => {
    const project = await tempStore();
    await project.ayo("ticket", "create", "One");
    const { url } = await startServe(project.dir);
    const { sent } = await openEvents(`${url}/api/events`, { "last-event-id": `${"0123456789".repeat(4)}:0` });
    expect(sent[0]?.event).toBe("reset");
    expect(sent[0]?.id).toMatch(/^[0-9a-f]{40}/);
  });

  test("so is one that was away for thousands of commits, at once", async () => {
    const project = await tempStore();
    const id = await project.ayo("ticket", "create", "One");
    const seen = git(project.repo, "rev-parse", "HEAD");
    grow(project.repo, "refs/heads/ayo/tickets", 1_100);
    const { url } = await startServe(project.dir);
    const old = await openEvents(`${url}/api/events`, { "last-event-id": `${seen}:0` });
    expect(old.sent[0]?.event).toBe("reset");
    const recent = git(project.repo, "rev-parse", "HEAD~200");
    await project.ayo("ticket", "close", id);
    const back = await openEvents(`${url}/api/events`, { "last-event-id": recent });
    await back.until("ticket.closed", id);
    expect(back.sent.map(({ event }) => event).slice(0, 2)).toEqual(["hello", "ticket.closed"]);
  });

  test("what answers say is never older than the event that told of it", async () => {
    const project = await tempStore();
    const id = await project.ayo("ticket", "create", "One");
    const { ask, url } = await startServe(project.dir);
    const stream = await openEvents(`${url}/api/events`);
    for (let n = 0; n < 10; n++) {
      await ask("/api/board");
      project.write(id, project.text(id).replace(/^# .*$/m, `# Title ${n}`));
      for (let found = false; !found; ) {
        found = stream.sent.some(({ data }) => data.ticket?.title === `Title ${n}`);
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      expect((await ask(`/api/tickets?fields=title`)).json.tickets).toEqual([{ title: `Title ${n}` }]);
    }
  });
});
