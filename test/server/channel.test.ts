import { describe, expect, test, vi } from "vitest";
import { stdioClient } from "../helpers/mcpClient.ts";
import { openEvents, type Sent, startServe } from "../helpers/serveProcess.ts";
import { sharingTeam } from "../helpers/team.ts";
import { tempStore } from "../helpers/tempStore.ts";

vi.setConfig({ testTimeout: 60_000 });

const said = (sent: readonly Sent[]): string[] =>
  sent.flatMap(({ data }) => (data.notes ?? []).map(({ text }: { readonly text: string }) => text));
const heard = (sent: readonly Sent[], texts: readonly string[]) =>
  expect.poll(() => said(sent), { timeout: 60_000 }).toEqual(texts);

describe("/api/tickets/{id}/channel", () => {
  test("as a stream has the last messages, then what comes, and after a break what was missed, once", async () => {
    const project = await tempStore();
    const id = await project.ayo("ticket", "create", "Talk");
    const other = await project.ayo("ticket", "create", "Other");
    for (const n of [1, 2, 3]) await project.ayo("ticket", "note", id, `before ${n}`);
    const first = await startServe(project.dir);
    const address = (url: string) => `${url}/api/tickets/${id}/channel`;
    const stream = await openEvents(`${address(first.url)}?tail=2`);
    expect(said(stream.sent)).toEqual(["before 2", "before 3"]);
    const [hello] = stream.sent.slice(-1);
    expect(hello).toMatchObject({ event: "hello", id: expect.stringMatching(/^[0-9a-f]{40}/) });
    await project.ayo("ticket", "note", other, "elsewhere");
    await project.ayo("ticket", "note", id, "live");
    await project.ayo("ticket", "close", id, "-m", "done");
    await heard(stream.sent, ["before 2", "before 3", "live", "done"]);
    const { id: last } = await stream.until("ticket.noted");
    expect(last).toBeUndefined();
    const position = stream.sent.at(-1)?.id ?? "";
    stream.close();
    await project.ayo("ticket", "note", id, "missed");
    for (const url of [first.url, (await startServe(project.dir)).url]) {
      const back = await openEvents(address(url), { "last-event-id": position });
      await heard(back.sent, ["missed"]);
      const all = await openEvents(address(url), { "last-event-id": hello?.id ?? "" });
      await heard(all.sent, ["live", "done", "missed"]);
    }
  });

  test("what a sync brings comes once, in the order of its times, and whoever breaks off in it gets all of it", async () => {
    const { ann, bob, clone } = await sharingTeam();
    const cid = clone("cid");
    await cid.ayo("init");
    const [file = ""] = ann.files();
    const id = file.slice(0, -3);
    const { url } = await startServe(ann.dir);
    const stream = await openEvents(`${url}/api/tickets/${id}/channel`);
    await ann.ayo("ticket", "note", id, "ann");
    for (const n of [1, 2]) {
      for (const [name, store] of [["bob", bob] as const, ["cid", cid] as const]) {
        await store.ayo("ticket", "note", id, `${name} ${n}`);
        await new Promise((resolve) => setTimeout(resolve, 1_100));
      }
    }
    await bob.ayo("sync");
    await cid.ayo("sync");
    await ann.run(["sync"]);
    await heard(stream.sent, ["ann", "bob 1", "cid 1", "bob 2", "cid 2"]);
    const noted = stream.sent.filter(({ event }) => event === "ticket.noted");
    const again = async (from: Sent | undefined) => {
      const back = await openEvents(`${url}/api/tickets/${id}/channel`, { "last-event-id": from?.id ?? "" });
      await ann.ayo("ticket", "show", id);
      return said(back.sent);
    };
    expect(await again(noted[0])).toEqual(["bob 1", "cid 1", "bob 2", "cid 2"]);
    expect(await again(noted[2])).toEqual(["bob 1", "cid 1", "bob 2", "cid 2"]);
    expect(await again(noted.at(-1))).toEqual([]);
  });

  test("as an answer has the last messages, or what came since its position; a tool tells it in lines", async () => {
    const project = await tempStore();
    const id = await project.ayo("ticket", "create", "Talk");
    await project.ayo("ticket", "note", id, "first\nand more", "--as", "@coder");
    const { ask } = await startServe(project.dir);
    const { json } = await ask(`/api/tickets/${id.slice(-4)}/channel`);
    expect(json).toMatchObject({ id, events: [{ event: "ticket.noted", notes: [{ by: "@coder" }] }] });
    await project.ayo("ticket", "close", id, "-m", "done");
    const next = (await ask(`/api/tickets/${id}/channel?since=${json.position}`)).json;
    expect(next.events.map(({ event }: { event: string }) => event)).toEqual(["ticket.closed", "ticket.noted"]);
    expect((await ask(`/api/tickets/${id}/channel?since=${next.position}`)).json.events).toEqual([]);
    for (const headers of [{}, { accept: "text/event-stream" }])
      expect((await ask("/api/tickets/nope/channel", { headers })).status).toBe(404);
    const { client } = await stdioClient(project.dir, { args: ["--tools", "all"] });
    const call = async (more: object) => {
      const { content } = await client.callTool({ name: "ticket_channel", arguments: { ticket_id: id, ...more } });
      return JSON.parse((content as { text: string }[])[0]?.text ?? "");
    };
    const lines = [expect.stringMatching(/^\S+ Test User closed$/), expect.stringMatching(/^\S+ Test User: done$/)];
    expect(await call({ since: json.position })).toEqual({ id, events: lines, position: next.position });
    expect((await call({ tail: 2 })).events[0]).toMatch(/^\S+ @coder: first\nand more$/);
  });
});
