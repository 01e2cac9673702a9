import http from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { describeTeam, findTeam } from "../../../src/trackers/linear/describe.ts";
import { linearProvider } from "../../../src/trackers/linear/linear.ts";
import { openLinear } from "../../../src/trackers/linear/open.ts";
import type { RemoteWrite } from "../../../src/trackers/provider.ts";

const END = { hasNextPage: false };
const EMPTY = { nodes: [], pageInfo: END };
const page = (node: unknown): unknown => ({ nodes: [node], pageInfo: END });
const ISSUE = { id: "i", identifier: "ENG-1", title: "a", createdAt: "x", updatedAt: "x", labelIds: [] };
const DESCRIBED = { viewer: { name: "a" }, workflowStates: EMPTY, issueLabels: EMPTY, users: EMPTY };
const OPTIONS = { team: "t", columns: [], map: { states: {}, people: {} } };
const patch = { fields: {}, addLabels: [], removeLabels: [] };
const WRITES: readonly RemoteWrite[] = [
  { kind: "create", key: "k", patch },
  { kind: "update", key: "k", patch },
  { kind: "comment", key: "k", item: "i", body: "b" },
  { kind: "editComment", key: "k", body: "b" },
  { kind: "relate", key: "k", blocker: "a", blocked: "b" },
  { kind: "unrelate", key: "k" },
];

test("an answer that lacks what was asked for is no answer: what reads stops, of what writes nobody knows", async () => {
  let data: unknown = {};
  const server = http.createServer((_, response) => void response.end(JSON.stringify({ data })));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const { ask, close } = openLinear({ url, key: "k", env: {} });
  const provider = linearProvider(ask, OPTIONS);
  const faultOf = async (doing: () => Promise<unknown>): Promise<unknown> =>
    await doing().then(
      (one) => one,
      (error: { fault?: string }) => error.fault ?? String(error),
    );
  const reads = [
    () => provider.items(undefined),
    () => provider.getMany(["k"]),
    () => provider.comments(undefined),
    () => provider.relations(undefined),
    () => provider.get("k"),
    () => provider.describe(),
    () => findTeam(ask, "ENG"),
  ];
  for (const read of reads) expect(await faultOf(read)).toBe("broken");
  for (const write of WRITES) expect(await faultOf(() => provider.write(write))).toBe("ambiguous");
  // Half of an answer is none either.
  const issues = [null, {}, ISSUE, { ...ISSUE, team: { id: "t" }, state: null }];
  for (const issue of [...issues, { ...ISSUE, team: { id: "t" }, state: { id: "s" }, history: {} }]) {
    data = { issues: page(issue), issue };
    expect(await faultOf(() => provider.items(undefined))).toBe("broken");
    expect(await faultOf(() => provider.get("k"))).toBe("broken");
    data = { issueCreate: { issue } };
    expect(await faultOf(() => provider.write(WRITES[0] as RemoteWrite))).toBe("ambiguous");
  }
  data = { issues: { nodes: [] }, comments: page({ id: "c", issue: { id: "i" } }), issueRelations: page({ id: "r" }) };
  for (const read of reads.slice(0, 4)) expect(await faultOf(read)).toBe("broken");
  const lacking = [{ viewer: null }, { users: page({ id: "u" }) }, { workflowStates: { nodes: [{}] } }];
  for (const more of [...lacking, { issueLabels: page({ id: "l", name: null }) }]) {
    data = { ...DESCRIBED, ...more };
    expect(await faultOf(() => describeTeam(ask, OPTIONS))).toBe("broken");
  }
  close();
  await new Promise((resolve) => server.close(resolve));
});
