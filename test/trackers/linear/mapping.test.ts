import { afterAll, beforeAll, expect, test } from "vitest";
import { describeTeam, findTeam } from "../../../src/trackers/linear/describe.ts";
import { choicesOf, columnOf, mappingOf } from "../../../src/trackers/linear/mapping.ts";
import { mappingTable } from "../../../src/trackers/linear/mappingTable.ts";
import { openLinear } from "../../../src/trackers/linear/open.ts";
import { askAt, COLUMNS, providerAt } from "../../helpers/linear/loopback.ts";
import { LINEAR_KEY, type LinearServer, linearServer } from "../../helpers/linear/server.ts";

let server: LinearServer;
beforeAll(async () => {
  server = await linearServer();
});
afterAll(() => server.close());

test("a team is found by its key in any case, else the teams are told", async () => {
  const { ask, close } = askAt(server);
  expect(await findTeam(ask, "eng")).toEqual({ id: "team-eng", key: "ENG", name: "Engineering" });
  await expect(findTeam(ask, "WEB")).rejects.toThrow("Linear has no team WEB: the teams are ENG, OPS");
  close();
});

test("the mapping that was found is shown, with its reasons", async () => {
  const { ask, close } = askAt(server);
  const map = {
    states: { in_review: "state-paused", shipped: "state-done" },
    people: { "@coder": "user-jo", x: "gone" },
  };
  const described = await describeTeam(ask, { team: "team-eng", columns: COLUMNS, map });
  close();
  expect(described.viewer).toEqual({ name: "ayo", isPerson: false });
  const table = mappingTable(described);
  expect(table.rows.map(({ column, state, why }) => [column, state?.name, why])).toEqual([
    ["open", "Todo", "convention"],
    ["in_progress", "In Progress", "name"],
    ["in_review", "Paused", "config"],
    ["blocked", "Paused", "convention"],
    ["closed", "Done", "convention"],
    ["failed", "Canceled", "only of its type"],
    ["cancelled", "Canceled", "convention"],
  ]);
  expect(table.others.map(({ state, column }) => [state.name, column])).toEqual([
    ["Triage", "open"],
    ["Backlog", "open"],
    ["In Review", "in_progress"],
    ["Duplicate", "cancelled"],
  ]);
  expect(table.priorities.map(({ here, name }) => `${here} ${name}`)).toEqual([
    "0 Urgent",
    "1 High",
    "2 Medium",
    "3 Low",
    "4 Low",
  ]);
  expect(table.labels).toEqual(["Bug", "ui", "api", "big", "small"]);
  expect(table.people).toEqual([
    { here: "@coder", there: "jo", why: "config" },
    { here: "ayo", there: "ayo", why: "name" },
    { here: "mara", there: "mara", why: "name" },
  ]);
  expect(table.missing).toEqual(["column shipped", "person gone of x"]);
});

test("of columns that are one state, the one that has its name stands for it", () => {
  const states = [
    { id: "c", name: "Canceled", type: "canceled" },
    { id: "s", name: "Doing", type: "started" },
    { id: "odd", name: "Odd", type: "constructor" },
  ];
  const config = { states: {}, people: {} };
  const mapping = mappingOf({ columns: COLUMNS, states, labels: [], users: [], config });
  expect([mapping.toRemote("status", "failed"), mapping.toRemote("status", "cancelled")]).toEqual(["c", "c"]);
  expect(mapping.toLocal("status", "c", "open")).toBe("cancelled");
  expect(mapping.toLocal("status", "c", "failed")).toBe("failed");
  expect(mapping.toLocal("status", "odd", "open")).toBeUndefined();
  expect(mapping.toRemote("status", "constructor")).toBeUndefined();
  // A board without the usual column has one that is of the same type.
  const board = ["todo", "doing", "done"];
  const choices = choicesOf(board, [...states, { id: "s2", name: "Later", type: "started" }], {});
  expect(columnOf({ id: "s2", name: "Later", type: "started" }, choices)).toBe("doing");
  expect(columnOf({ id: "t", name: "Triage", type: "triage" }, choices)).toBeUndefined();
});

test("nobody there has a name of ours, however it is spelled, that config does not give him", () => {
  const user = (id: string, displayName: string) => ({ id, name: id, displayName, active: true });
  const evil = ["@coder", " @coder", "\u200b@Coder", "\u2060 \ufe0f@ @coder", "\uff20coder", "MARA", "ma\u00adra", "@"];
  const users = [...evil.map((name, n) => user(`u${n}`, name)), user("jo", "jo"), user("m", "someone")];
  const config = { states: {}, people: { "@coder": "jo", mara: "m" } };
  const mapping = mappingOf({ columns: COLUMNS, states: [], labels: [], users, config });
  const here = users.map(({ id }) => mapping.toLocal("assignee", id, null));
  expect(here).toEqual([
    ...["coder", "coder", "Coder", "coder", "coder", "MARA (linear)", "ma ra (linear)", undefined],
    ...["@coder", "mara"],
  ]);
  expect(["@coder", "mara", "MARA (linear)", "Coder"].map((name) => mapping.toRemote("assignee", name))).toEqual([
    ...["jo", "m", "u5", "u2"],
  ]);
  const table = mappingTable({ columns: [], states: [], labels: [], users, config });
  expect(table.people.map((one) => one.here).filter((name) => name.startsWith("@"))).toEqual(["@coder"]);
  expect(table.people.map((one) => one.here)).toContain("MARA (linear)");
});

test("an item is found by its name, its address or its id", async () => {
  const provider = providerAt(server);
  const { id } = server.world.create({ title: "a" }, "user-mara");
  const finds = async (name: string): Promise<string | undefined> => (await provider.find(name))?.key;
  const names = [
    "eng-1",
    " ENG-1 ",
    "https://linear.app/acme/issue/ENG-1",
    "https://linear.app/acme/issue/ENG-1/a-b?c",
    id,
  ];
  expect(await Promise.all(names.map(finds))).toEqual(names.map(() => id));
  server.seen.length = 0;
  expect(await Promise.all(["ENG-99", "nothing", "http://x/issue/ENG-1", "ENG-1\n"].map(finds))).toEqual([
    undefined,
    undefined,
    undefined,
    id,
  ]);
  expect(server.seen).toHaveLength(2);
  provider.close();
});

test("nothing is opened for a key or an address that will not do", () => {
  expect(() => openLinear({ key: "a b", env: {} })).toThrow("LINEAR_API_KEY has spaces");
  expect(() => openLinear({ url: "http://linear.example", key: LINEAR_KEY, env: {} })).toThrow("is not https");
});
