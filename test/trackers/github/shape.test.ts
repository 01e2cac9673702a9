import http from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { describeRepo, findRepo, findViewer, sessionFor } from "../../../src/trackers/github/describe.ts";
import { githubProvider } from "../../../src/trackers/github/github.ts";
import { openGitHub } from "../../../src/trackers/github/open.ts";
import type { Provider, RemoteWrite } from "../../../src/trackers/provider.ts";

const OPTIONS = { repo: "acme/web", columns: [], map: { states: {}, people: {} } };
const TIME = "2026-08-01T10:00:00Z";
const USER = { login: "mara", type: "User" };
const TEXT = { id: 7, body: "text", user: USER, author_association: "OWNER", created_at: TIME, updated_at: TIME };
const REPO = "https://api.github.com/repos/acme/web";
const ISSUE = {
  ...{ ...TEXT, number: 1, title: "a", html_url: "https://github.com/acme/web/issues/1", repository_url: REPO },
  ...{ state: "open", labels: [{ name: "bug" }], assignees: [USER] },
};
const COMMENT = {
  ...{ ...TEXT, issue_url: `${REPO}/issues/1`, html_url: "https://github.com/acme/web/issues/1#issuecomment-7" },
};
const patch = { fields: { title: "b" }, addLabels: [], removeLabels: [] };

/** A server that answers everything with the same. */
async function answering(): Promise<{
  readonly provider: Provider;
  readonly ask: ReturnType<typeof openGitHub>["ask"];
  say: (answer: unknown) => void;
}> {
  let said: unknown = {};
  const server = http.createServer((_, response) => void response.end(JSON.stringify(said)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { ask, close } = openGitHub({ url, key: "k", env: {}, waits: [], pause: 0 });
  onTestFinished(async () => {
    close();
    await new Promise((resolve) => server.close(resolve));
  });
  const say = (answer: unknown): void => {
    said = answer;
  };
  return { provider: githubProvider(ask, OPTIONS), ask, say };
}

/** What became of it: a fault, or what it answered. */
const outcome = async (doing: () => Promise<unknown>): Promise<unknown> =>
  await doing().then(
    (one) => one,
    (error: { fault?: string }) => error.fault ?? String(error),
  );

/** A thing without each of its fields, and with each of them of another kind. */
function halves(thing: Readonly<Record<string, unknown>>, fields: readonly string[]): unknown[] {
  const without = fields.map((field) => ({ ...thing, [field]: undefined }));
  return [null, [], 7, "x", ...without, ...fields.map((field) => ({ ...thing, [field]: { x: {} } }))];
}

const OF_ISSUE = ["id", "number", "title", "state", "labels", "assignees", "body", "html_url", "repository_url"];
const OF_TEXT = ["author_association", "created_at", "updated_at"];
const ISSUES = [
  ...halves(ISSUE, [...OF_ISSUE, ...OF_TEXT]),
  ...[{ labels: [null] }, { labels: [{}] }, { assignees: [null] }, { assignees: [{}] }, { updated_at: "soon" }].map(
    (over) => ({ ...ISSUE, ...over }),
  ),
];
const COMMENTS = halves(COMMENT, ["id", "body", "issue_url", "html_url", ...OF_TEXT]);

test("an issue that lacks something is none: what reads stops, of what writes nobody knows", async () => {
  const { provider, say } = await answering();
  say([ISSUE]);
  expect(await outcome(() => provider.items(undefined))).toMatchObject([{ key: "1", labels: ["bug"] }]);
  const [whole] = await provider.items(undefined);
  for (const half of ISSUES) {
    say([half]);
    expect([half, await outcome(() => provider.items(undefined))]).toEqual([half, "broken"]);
    if (whole !== undefined)
      expect(await outcome(async () => await provider.relationsOf?.([whole], true))).toBe("broken");
    say(half);
    expect([half, await outcome(() => provider.find("1"))]).toEqual([half, "broken"]);
    for (const kind of ["create", "update"] as const)
      expect([half, await outcome(() => provider.write({ kind, key: "1", patch }))]).toEqual([half, "ambiguous"]);
  }
  for (const write of [
    { kind: "relate", key: "k", blocker: "1", blocked: "1" },
    { kind: "unrelate", key: "1-1" },
  ] as const satisfies RemoteWrite[]) {
    say(null);
    expect(await outcome(() => provider.write(write))).toBe("ambiguous");
  }
  // Nobody who wrote it, nobody who has it, nothing in it.
  say({ ...ISSUE, user: null, assignees: null, body: null, labels: ["ui"] });
  const fields = { assignee: null, description: "" };
  expect(await outcome(() => provider.find("1"))).toMatchObject({ by: undefined, fields, labels: ["ui"] });
});

test("nor is a comment", async () => {
  const { provider, say } = await answering();
  const writes: readonly RemoteWrite[] = [
    { kind: "comment", key: "k", item: "1", body: "b" },
    { kind: "editComment", key: "7", body: "b" },
  ];
  for (const half of COMMENTS) {
    say([half]);
    for (const of of [undefined, ["1"]])
      expect([half, await outcome(() => provider.comments(undefined, of))]).toEqual([half, "broken"]);
    say(half);
    for (const write of writes) expect([half, await outcome(() => provider.write(write))]).toEqual([half, "ambiguous"]);
  }
});

test("nor a repository, a label, or somebody", async () => {
  const { provider, ask, say } = await answering();
  for (const half of [null, {}, [null], [{}], [{ name: 7, login: 7 }]]) {
    say(half);
    expect([half, await outcome(() => describeRepo(sessionFor(ask, OPTIONS), OPTIONS))]).toEqual([half, "broken"]);
  }
  for (const half of [null, [], {}, { id: 7 }, { full_name: "acme/web" }, { login: "mara" }, { type: "User" }]) {
    say(half);
    expect([half, await outcome(() => findRepo(ask, "acme/web"))]).toEqual([half, "broken"]);
    expect([half, await outcome(() => findViewer(ask))]).toEqual([half, "broken"]);
    if (!Array.isArray(half)) expect(await outcome(() => provider.items(undefined))).toBe("broken");
  }
});
