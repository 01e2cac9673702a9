import { describe, expect, test } from "vitest";
import { parseAgents } from "../../../src/store/open/agents/parseAgents.ts";
import { lineAt } from "../../../src/store/open/agents/yamlPlace.ts";

const WHOLE = `base: main
setup: npm ci
copy: [.env]
verify: {test: npm test}
repos: {api: ../api}
teams:
  '@backend': ['@coder', '@rex']
agents:
  '@coder':
    adapter: claude
    roles: [worker]
    max: 2
    access: full
    limits: {time: 1h, stall: 5m, tries: 3, cost: 5}
    prompt: templates/prompts/coder.md
    env: [NPM_TOKEN]
    lead: '@rex'
  '@rex': {adapter: acp, command: [gemini, --acp], wrap: [bwrap, --]}
`;

/** What is wrong with a text, as `line: message`. */
async function faults(text: string): Promise<string[]> {
  return (await parseAgents(text)).problems.map(({ line, message }) => `${line}: ${message}`);
}

describe("agents.yml", () => {
  test("is read as it is written, with what holds where it says nothing", async () => {
    const { config, problems } = await parseAgents(WHOLE);
    expect(problems).toEqual([]);
    expect({ ...config, agents: [], teams: [], verify: [], repos: [] }).toEqual({
      base: "main",
      setup: "npm ci",
      copy: [".env"],
      verify: [],
      repos: [],
      teams: [],
      agents: [],
    });
    expect([...config.verify, ...config.repos, ...config.teams]).toEqual([
      ["test", { run: "npm test", protect: [] }],
      ["api", "../api"],
      ["@backend", ["@coder", "@rex"]],
    ]);
    expect(config.agents.get("@coder")).toEqual({
      name: "@coder",
      adapter: "claude",
      command: ["claude"],
      roles: ["worker"],
      max: 2,
      access: "full",
      limits: { time: 3_600_000, stall: 300_000, tries: 3, cost: 5 },
      prompt: "templates/prompts/coder.md",
      env: ["NPM_TOKEN"],
      wrap: [],
      lead: "@rex",
      line: 9,
    });
    expect(config.agents.get("@rex")).toMatchObject({ max: 1, access: "edit", roles: [], limits: {}, line: 18 });
    for (const empty of ["", "# nothing\n", "agents:\n"]) {
      expect(await faults(empty)).toEqual([]);
      expect((await parseAgents(empty)).config.agents.size).toBe(0);
    }
  });

  test.for([
    ["- a\n", ["1: agents.yml must be a mapping of keys to values"]],
    ["base: -x\n", ["1: '-x' is no name of a branch"]],
    ["setup: [a]\n", ["1: setup must be a text of one line"]],
    [
      "# x\ncopy: [.env, ../secret, /etc/passwd]\n",
      ["2: '../secret' is no path inside the project", "2: '/etc/passwd' is no path inside the project"],
    ],
    ["agents:\n  coder: {adapter: claude}\n", ["2: 'coder' is no name of an agent: @coder"]],
    [
      "agents:\n  '@a':\n    max: 0\n",
      ["2: @a needs an adapter: claude, codex, acp, command", "3: max must be a whole number from 1 to 64"],
    ],
    ["agents:\n  '@a': {adapter: acp}\n", ["2: @a needs a command: what the adapter 'acp' starts"]],
    [
      "agents:\n  '@a':\n    adapter: claude\n  '@b':\n    adapter: claud\n",
      ["5: adapter must be one of claude, codex, acp, command"],
    ],
    [
      "agents:\n  '@a':\n    adapter: claude\n    acces: full\n    limits:\n      time: soon\n      tries: 99\n",
      [
        "4: 'acces' is no key here; there are adapter, command, roles, max, access, limits, prompt, env, wrap, lead",
        "6: time must be a duration such as 5m or 1h",
        "7: tries must be a whole number from 1 to 20",
      ],
    ],
    [
      "agents:\n  '@a': {adapter: claude, env: ['A=1'], lead: '@z'}\n",
      ["2: 'A=1' is no name of a variable", "2: @z is no agent of this file"],
    ],
    [
      "teams:\n  '@t': ['@x']\n  '@a': []\nagents:\n  '@a': {adapter: claude}\n",
      ["2: @x of @t is no agent of this file", "3: @a is an agent and a team", "3: @a has no members"],
    ],
    ["agents: {'@a': {adapter: claude}\n", [expect.stringMatching(/^\d: not valid YAML/)]],
    ["agents:\n  '@a': {adapter: claude}\n  '@a': {adapter: codex}\n", [expect.stringMatching(/^3: /)]],
    ["agents:\n  '@a': {adapter: claude, command: \"a\\nb\"}\n", ["2: command must be a list of texts: [a, b]"]],
  ] as const)("every fault of %j has its line", async ([text, expected]) => {
    expect(await faults(text)).toEqual(expected);
  });

  test("a key is found at its path, however it is quoted; else what is above it", () => {
    const text = "a:\n  'x y': 1\nb:\n  - c: 1\n  \"x y\":\n    d: 2\n";
    expect(lineAt(text, ["a", "x y"])).toBe(2);
    expect(lineAt(text, ["b", "x y", "d"])).toBe(6);
    expect(lineAt(text, ["b", "nothing", "d"])).toBe(3);
    expect(lineAt(text, ["nothing"])).toBe(1);
  });
});
