import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test, vi } from "vitest";
import { git } from "../../helpers/git.ts";
import { type DispatchScene, dispatchScene, scriptText, type Turn } from "../../helpers/work/dispatchScene.ts";

vi.setConfig({ testTimeout: 180_000 });

interface TicketJson {
  readonly id: string;
  readonly title: string;
  readonly status: string;
}

const CALL = path.join(import.meta.dirname, "../../helpers/work/callTools.mjs");

/** A turn that makes tool calls, written as prompts write them. */
function calls(text: string): Turn {
  return {
    sh: `cat > calls.txt <<'CALLS'\n${text}\nCALLS\n${process.execPath} ${CALL} calls.txt >> said.txt 2>&1 && rm calls.txt`,
  };
}

/** The board of the article on tickets and phases, with who works where. */
const BOARD = `board:
  columns:
    - {"id": "backlog", "name": "📋 Backlog", phase: 1, prompt: phase-1}
    - {"id": "building", "name": "🔨 Building", phase: 2, role: builder, prompt: phase-2}
    - {"id": "building-done", "name": "✅ Built", phase: 2}
    - {"id": "testing", "name": "🧪 Testing", phase: 3, role: tester, prompt: templates/prompts/test.md}
    - {"id": "testing-done", "name": "✅ Tested", phase: 3}
    - {"id": "done", "name": "✅ Done"}
  types: ["component", "bug", "feature"]
  initial: "backlog"
`;

/** Phase 1, as its instructions have it: the calls, with the names of what was made before. */
const PLAN = `
search_tickets(query="component name", search_type="hybrid")
infrastructure_ticket_id = create_ticket({
    "title": "Set up infrastructure",
    "ticket_type": "component"
})
create_task({
    "description": "Phase 2: Set up infrastructure - TICKET: ticket-xxx",
    "phase_id": 2,
    "ticket_id": "ticket-xxx"
})
create_ticket({
    "title": "Build Authentication System",
    "description": "Implement JWT auth with login/register/refresh",
    "ticket_type": "component",
    "blocked_by_ticket_ids": [infrastructure_ticket_id]
})
create_task({
    "description": "Phase 2: Build Auth System - TICKET: ticket-xxx",
    "phase_id": 2,
    "ticket_id": "ticket-xxx"
})
create_ticket({
    "title": "Build the database schema",
    "ticket_type": "component",
    "blocked_by_ticket_ids": [infrastructure_ticket_id]
})
create_task({
    "description": "Phase 2: Build the schema - TICKET: ticket-xxx",
    "phase_id": 2,
    "ticket_id": "ticket-xxx"
})`;

const BEGIN = `
change_ticket_status(
    ticket_id="your-ticket-id",
    new_status="building",
    comment="Starting implementation"
)
add_ticket_comment(
    ticket_id="your-ticket-id",
    comment_text="Completed token generation, working on validation middleware next"
)`;

const BUILT = `
change_ticket_status(
    new_status="building-done",
    comment="Implementation complete. JWT generation, validation, and refresh all working. 8 test cases added."
)
create_task({
    "description": "Phase 3: Test Auth System - TICKET: your-ticket-id",
    "phase_id": 3,
    "ticket_id": "your-ticket-id"
})`;

const TESTING = `
change_ticket_status(new_status="testing")`;

const PASSED = `
resolve_ticket(
    ticket_id="your-ticket-id",
    resolution_comment="All tests pass. Verified: login flow, token refresh, error handling. 12/12 tests passing."
)`;

const BUGS = `
add_ticket_comment(
    ticket_id="your-ticket-id",
    comment_text="Token refresh fails with expired tokens"
)
create_task({
    "description": "Phase 2: Fix bugs in Auth - TICKET: your-ticket-id. Token refresh failing with expired tokens.",
    "phase_id": 2,
    "ticket_id": "your-ticket-id"
})`;

/** The calls of both ways; which it is, the work says. */
function either(isGood: string, good: string, bad: string): Turn {
  const [first, second] = [calls(good).sh, calls(bad).sh];
  return { sh: `if ${isGood}; then\n${first}\nelse\n${second}\nfi` };
}

/** The first time Auth is built it has a bug; what a ticket's worktree holds is what its builder left. */
const WORK: Turn = {
  sh: `if ayo ticket show $AYO_TICKET | grep -q "JWT auth with" && [ ! -f auth ]; then echo buggy > auth; else echo fixed > auth; fi; git add auth; git commit -qm "Built. TICKET: $AYO_TICKET"`,
};
const BUILD = [calls(BEGIN), WORK, calls(BUILT), { result: { ok: true, text: "Built." } }];

const TEST = [calls(TESTING), either("grep -q fixed auth", PASSED, BUGS), { result: { ok: true, text: "Tested." } }];

function promptsOf(scene: DispatchScene, id: string): string[] {
  const folder = path.join(String(scene.env.HOME), ".local/share/ayo/runs");
  const [store = ""] = readdirSync(folder);
  const runs = path.join(folder, store, id);
  return readdirSync(runs)
    .filter((name) => /^\d+$/.test(name))
    .sort()
    .map((n) => readFileSync(path.join(runs, n, "prompt.md"), "utf8"));
}

const phase = (title: string, turns: readonly Turn[]): string => `# ${title}\n\n${scriptText(turns)}\n`;

test("three phases run by moving tickets, with the calls of the article word by word", async () => {
  const scene = await dispatchScene({
    agents: {
      "@planner": "roles: [planner]",
      "@builder": "roles: [builder], max: 3",
      "@tester": "roles: [tester], max: 3",
    },
    files: {
      "config.yml": BOARD,
      "templates/prompts/phase-1.md": phase("Phase 1 Instructions", [calls(PLAN)]),
      "templates/prompts/phase-2.md": phase("Phase 2 Instructions", [...BUILD, ...BUILD]),
      "templates/prompts/test.md": phase("Phase 3 Instructions", [...TEST, ...TEST]),
    },
  });
  writeFileSync(path.join(scene.dir, ".gitignore"), ".tickets/\ncalls.txt\nsaid.txt\n");
  git(scene.dir, "add", ".");
  git(scene.dir, "commit", "--quiet", "-m", "ignore");
  const plan = await scene.ayo("ticket", "create", "An app with users", "-q", "-t", "feature", "-a", "@planner");
  const ayo = scene.ayo;
  const dispatcher = scene.work();
  // Three are tested and one is sent back once.
  await dispatcher.until(/(?:@tester ended[\s\S]*){4}/, 60_000);
  await dispatcher.end();
  const { tickets } = JSON.parse(await ayo("ticket", "list", "--all", "--json")) as { tickets: TicketJson[] };
  expect(tickets.map(({ status }) => status)).toEqual(["done", "done", "done", "done"]);
  const [infrastructure, auth] = ["Set up", "Build Auth"].map((title) =>
    tickets.find((one) => one.title.startsWith(title)),
  );
  expect(auth).toMatchObject({ type: "component", deps: [infrastructure?.id] });
  // Each run was told what its phase has to be told.
  const phases = (id: string): string[] => promptsOf(scene, id).map((text) => /^# Phase \d/m.exec(text)?.[0] ?? "");
  expect(phases(plan)).toEqual(["# Phase 1"]);
  expect(phases(infrastructure?.id ?? "")).toEqual(["# Phase 2", "# Phase 3"]);
  expect(phases(auth?.id ?? "")).toEqual(["# Phase 2", "# Phase 3", "# Phase 2", "# Phase 3"]);
  // What waited was begun when the first was resolved, both at once.
  const said = dispatcher.said();
  const at = (pattern: RegExp): number => said.search(pattern);
  const [first, second] = [at(/@builder started: starts Build Auth/), at(/@builder started: starts Build the/)];
  expect(Math.min(first, second)).toBeGreaterThan(at(/@tester started: starts Set up/));
  expect(Math.max(first, second)).toBeLessThan(at(new RegExp(`${first < second ? auth?.id : ""}.*@builder ended`)));
  const text = scene.text(auth?.id ?? "");
  for (const word of ["Starting implementation", "Token refresh fails with", "All tests pass. Verified: login flow"])
    expect(text).toContain(word);
  expect(text).toMatch(/^authors: \['@builder', '@tester'\]$/m);
  scene.store.judge();
});

test("a prompt that is not there, or was changed, and a full column are told before anything is claimed", async () => {
  const file = "templates/prompts/build.md";
  const column = "{id: in_progress, category: active, limit: {max: 1, refuse: true}, prompt: build}";
  const files = { "config.yml": `board:\n  columns: [open, ${column}, closed]\n` };
  const scene = await dispatchScene({ files, agents: { "@coder": "" } });
  const here = async (...args: string[]): Promise<string> => {
    const { stdout, stderr } = await scene.store.here(args, { env: scene.env });
    return stdout + stderr;
  };
  const id = await scene.store.ayo("ticket", "create", "One", "-a", "@coder", "-q");
  const told = "the prompt of column in_progress: templates/prompts/build.md is not there";
  expect(await here("work", "--dry-run")).toContain(told);
  expect(await here("doctor")).toContain(`${told}: write it, or take 'prompt:' from the column`);
  mkdirSync(path.join(scene.store.tickets, "templates/prompts"), { recursive: true });
  writeFileSync(path.join(scene.store.tickets, file), "Build it well.\n");
  expect(await here("work", "--dry-run")).toContain("was changed since it was allowed");
  expect(await here("allow", "--dry-run", "@coder")).toContain("Build it well.");
  await here("allow", "@coder");
  const mine = await scene.store.ayo("ticket", "create", "Mine", "-q");
  await here("ticket", "start", mine);
  expect(await here("work", "--dry-run")).toContain("waits: in_progress holds 1 ticket, and takes no more than 1");
  await here("ticket", "close", mine);
  await scene.cli("work", "--once");
  expect([scene.status(id), promptsOf(scene, id)]).toEqual(["closed", [expect.stringContaining("Build it well.\n")]]);
  // A column that is gone with its tickets is told; nothing else stops.
  await here("ticket", "reopen", id);
  writeFileSync(path.join(scene.store.tickets, "config.yml"), "board:\n  columns: [todo, closed]\n");
  expect(await here("doctor")).toMatch(
    /status 'open' is no column of the board: 'ayo ticket status \S+ <column>' with one of/,
  );
  expect(await here("work", "--dry-run")).not.toMatch(/error/i);
});
