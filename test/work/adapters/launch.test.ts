import { describe, expect, test } from "vitest";
import type { Access } from "../../../src/store/open/agents/agentTypes.ts";
import { adapterOf } from "../../../src/work/adapters/adapters.ts";
import { entryOf, launchingOf } from "../../helpers/work/launching.ts";

const SCHEMA = { type: "object", required: ["ok"] };
const SESSION = "6f1c1f0e-0000-4000-8000-000000000001";

describe("claude", () => {
  const { launch } = adapterOf("claude");
  const SETTINGS = '{"sandbox":{"filesystem":{"allowWrite":["/p/.tickets"]}}}';
  const MCP = '{"mcpServers":{"ayo":{"command":"/usr/bin/node","args":["/opt/ayo.cjs","mcp"],"alwaysLoad":true}}}';
  const START = ["-p", "--input-format", "stream-json", "--output-format", "stream-json", "--verbose"];

  test("is started with the store open in its sandbox, ayo's tools, and edits allowed", () => {
    expect(launch(launchingOf(entryOf({ adapter: "claude" })))).toEqual({
      argv: [
        ...["claude", ...START, "--session-id", SESSION],
        ...["--settings", SETTINGS, "--mcp-config", MCP, "--permission-mode", "acceptEdits"],
        ...["--allowedTools", "Bash(ayo:*)", "mcp__ayo", "Bash(git add:*)", "Bash(git commit:*)"],
      ],
      env: {},
      files: {},
    });
  });

  test("may edit nothing with access: read", () => {
    const { argv } = launch(launchingOf(entryOf({ adapter: "claude", access: "read" })));
    expect(argv.slice(-9)).toEqual([
      ...["--permission-mode", "default", "--disallowedTools", "Edit", "Write", "NotebookEdit"],
      ...["--allowedTools", "Bash(ayo:*)", "mcp__ayo"],
    ]);
  });

  test("skips permissions with access: full", () => {
    const { argv } = launch(launchingOf(entryOf({ adapter: "claude", access: "full" })));
    expect(argv.slice(-3)).toEqual(["--mcp-config", MCP, "--dangerously-skip-permissions"]);
  });

  test("goes on with a session, and is told a schema and what it may cost", () => {
    const entry = entryOf({ adapter: "claude", command: ["claude", "--model", "opus"], limits: { cost: 2.5 } });
    const { argv } = launch(launchingOf(entry, { isResumed: true, schema: SCHEMA }));
    expect(argv.slice(0, 15)).toEqual([
      ...["claude", "--model", "opus", ...START, "--resume", SESSION],
      ...["--json-schema", '{"type":"object","required":["ok"]}', "--max-budget-usd", "2.5"],
    ]);
  });
});

describe("codex", () => {
  const { launch } = adapterOf("codex");
  const SERVER = [
    ...["-c", 'mcp_servers.ayo.command="/usr/bin/node"', "-c", 'mcp_servers.ayo.args=["/opt/ayo.cjs","mcp"]'],
    ...["-c", 'mcp_servers.ayo.default_tools_approval_mode="approve"'],
    ...["-c", 'mcp_servers.ayo.env_vars=["AYO_RUN","AYO_AGENT","AYO_CLAIM","TICKETS_DIR"]'],
  ];
  const ROOTS =
    'sandbox_workspace_write.writable_roots=["/p/.tickets","/p/.tickets/.git","/p/.git/worktrees/pro-1",' +
    '"/p/.git/objects","/p/.git/refs","/p/.git/logs"]';

  test("is started in its sandbox with the store and what commits write open, and ayo's tools approved", () => {
    expect(launch(launchingOf(entryOf({ adapter: "codex" })))).toEqual({
      argv: ["codex", "exec", "--json", "-s", "workspace-write", ...SERVER, "-c", ROOTS, "-"],
      env: {},
      files: {},
    });
  });

  test("goes on with a thread, for which the sandbox is a setting", () => {
    const { argv } = launch(launchingOf(entryOf({ adapter: "codex" }), { isResumed: true }));
    expect(argv).toEqual([
      ...["codex", "exec", "resume", SESSION, "--json", "-c", 'sandbox_mode="workspace-write"'],
      ...[...SERVER, "-c", ROOTS, "-"],
    ]);
  });

  test.for([
    ["read", "read-only"],
    ["full", "danger-full-access"],
  ] as const)("opens no folders with access: %s", ([access, sandbox]) => {
    const { argv } = launch(launchingOf(entryOf({ adapter: "codex", access })));
    expect(argv).toEqual(["codex", "exec", "--json", "-s", sandbox, ...SERVER, "-"]);
  });

  test("is given the schema in a file of the run", () => {
    const { argv, files } = launch(launchingOf(entryOf({ adapter: "codex" }), { schema: SCHEMA }));
    const file = "/home/me/.ayo/runs/x/pro-1/1/schema.json";
    expect(argv.slice(1, 5)).toEqual(["exec", "--json", "--output-schema", file]);
    expect(files).toEqual({ [file]: '{"type":"object","required":["ok"]}\n' });
  });

  test("may work where there is no git", () => {
    const { argv } = launch(launchingOf(entryOf({ adapter: "codex" }), { gitDirs: [] }));
    expect(argv).toContain("--skip-git-repo-check");
    expect(argv).toContain('sandbox_workspace_write.writable_roots=["/p/.tickets","/p/.tickets/.git"]');
  });

  test("reads paths as they are, whatever is in them", () => {
    const storeDir = '/p "q"\\é\x7f/.tickets';
    const { argv } = launch(launchingOf(entryOf({ adapter: "codex" }), { storeDir, gitDirs: [] }));
    expect(argv.at(-2)).toContain(String.raw`["/p \"q\"\\é\u007f/.tickets",`);
  });
});

describe("acp", () => {
  const { launch } = adapterOf("acp");
  const entry = entryOf({ adapter: "acp", command: ["gemini", "--acp"], wrap: ["nice"] });

  test("is ayo's own client, with the program behind it", () => {
    expect(launch(launchingOf(entry))).toEqual({
      argv: [
        ...["/usr/bin/node", "/opt/ayo.cjs", "work-acp", "--lines", "--access", "edit", "--store=/p/.tickets"],
        ...["--pass=AYO_RUN", "--pass=AYO_AGENT", "--pass=AYO_CLAIM", "--pass=TICKETS_DIR"],
        ...["--ayo=/usr/bin/node", "--ayo=/opt/ayo.cjs", "--", "nice", "gemini", "--acp"],
      ],
      env: {},
      files: {},
    });
  });

  test("goes on with a session", () => {
    expect(launch(launchingOf(entry, { isResumed: true })).argv).toContain(`--resume=${SESSION}`);
  });
});

describe("command", () => {
  const { launch } = adapterOf("command");
  const entry = entryOf({ adapter: "command", command: ["./agent.sh", "-x"], wrap: ["bwrap", "--"] });

  test("is the program as it stands, which is told its session", () => {
    const env = { AYO_RUN_SESSION: SESSION };
    expect(launch(launchingOf(entry))).toEqual({ argv: ["bwrap", "--", "./agent.sh", "-x"], env, files: {} });
    expect(launch(launchingOf(entry, { isResumed: true })).env).toEqual({ ...env, AYO_RUN_RESUME: "1" });
  });
});

describe("every adapter", () => {
  const all = (["claude", "codex", "acp", "command"] as const).flatMap((adapter) =>
    (["read", "edit", "full"] as const).map((access) => [adapter, access] as const),
  );

  test.for(all)(
    "%s with access: %s shows no secret in its words, and begins with what it is wrapped in",
    ([name, access]) => {
      const entry = entryOf({ adapter: name, access, wrap: ["nice"] });
      const { argv, env } = adapterOf(name).launch(launchingOf(entry, { schema: SCHEMA }));
      expect([...argv, ...Object.values(env)].join(" ")).not.toContain("secret-token");
      expect(argv.slice(argv.indexOf("nice"), argv.indexOf("nice") + 2)).toEqual(["nice", name]);
    },
  );

  test.for(all)(
    "%s with access: %s skips permissions only where it has all",
    ([name, access]: readonly [string, Access]) => {
      const entry = entryOf({ adapter: name as "claude", access });
      const { argv } = adapterOf(name as "claude").launch(launchingOf(entry));
      if (access !== "full") expect(argv.join(" ")).not.toMatch(/dangerous|danger-full|bypass|yolo|full/);
    },
  );
});
