import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { git } from "../helpers/git.ts";
import { codexLab } from "./codexLab.ts";
import { toldByHook } from "./lab.ts";
import type { Step } from "./wire.ts";

/** Where to write what was said and done, for people to read. */
const TRANSCRIPT = process.env.AYO_HARNESS_TRANSCRIPT;

/** What an agent does on a day with these two tickets, of which the second waits for the first. */
function day(fix: string, probe: string): Step[] {
  return [
    { shell: "ayo agents prime | head -9" },
    { shell: "ayo ticket ready" },
    { tool: "claim_ticket", input: {} },
    { shell: `ayo ticket show ${fix}` },
    { shell: "mkdir -p src && echo 'export const secure = true;' > src/cookie.ts && cat src/cookie.ts" },
    { shell: `ayo ticket note ${fix} - <<'EOF'\nTrusts X-Forwarded-Proto, in src/cookie.ts.\n\nLeft: the test.\nEOF` },
    { tool: "add_ticket_comment", input: { id: fix, text: "Ran the tests: 12 pass." } },
    { shell: `ayo ticket check ${fix} 1` },
    { tool: "resolve_ticket", input: { ids: [fix], message: "The header of the proxy decides; 12 tests pass." } },
    { tool: "ready_tickets", input: {} },
    { shell: "ayo ticket claim --next" },
    { tool: "get_ticket", input: { id: probe, include: ["body"] } },
    {
      shell: `ayo ticket create "Document the proxy header" --deps ${probe} --once document-header -d "In docs/proxy.md."`,
    },
    { shell: `ayo ticket note ${probe} "Two proxies in a row: the last one's header counts."` },
    { shell: `ayo ticket close ${probe} -m "Tested with two proxies."` },
    { tool: "ready_tickets", input: {} },
    { shell: "ayo agents prime | head -7" },
    { say: "Both tickets are done; one more was found on the way." },
  ];
}

test("an agent's day through codex, by shell and by tools, in a linked worktree and its sandbox", async () => {
  const lab = await codexLab();
  const fix = await lab.ayo("ticket", "create", "Cookie has no Secure flag", "-p", "0", "--acceptance", "Tests pass");
  const probe = await lab.ayo("ticket", "create", "Test two proxies", "--deps", fix);
  await lab.approve();
  const steps = day(fix, probe);
  const { model, code } = await lab.codex(lab.linked, steps);
  const results = model.results();
  const log = git(path.join(lab.project, ".tickets"), "log", "--reverse", "--format=%an <%ae> | %s");
  if (TRANSCRIPT !== undefined) writeFileSync(TRANSCRIPT, transcriptOf(model.turns[0]?.text, steps, results, log));
  expect(code).toBe(0);
  expect(results).toHaveLength(steps.length - 1);
  const found = /"id":"([\w-]+)","title":"Document/.exec(results[15] ?? "")?.[1] ?? "";
  expect(lab.changes().slice(2)).toEqual([
    `codex-linked: claim ${fix}: Cookie has no Secure flag`,
    `codex-linked: note ${fix}: Trusts X-Forwarded-Proto, in src/cookie.ts.`,
    `codex-linked: note ${fix}: Ran the tests: 12 pass.`,
    expect.stringMatching(`^codex-linked: .*${fix}`),
    `codex-linked: close ${fix}: Cookie has no Secure flag`,
    `codex-linked: claim ${probe}: Test two proxies`,
    `codex-linked: create ${found}: Document the proxy header`,
    `codex-linked: note ${probe}: Two proxies in a row: the last one's header counts.`,
    `codex-linked: close ${probe}: Test two proxies`,
  ]);
  expect(results[8]).toContain(`"nowReady":["${probe}"]`);
  expect(results[14]).toContain(found);
  expect(results[16]).toContain(found);
  expect(readFileSync(path.join(lab.linked, "src/cookie.ts"), "utf8")).toContain("secure");
});

/** The day as one reads it: what the hook said, each call with its answer, and the commits. */
function transcriptOf(
  first: string | undefined,
  steps: readonly Step[],
  results: readonly string[],
  log: string,
): string {
  const told = steps.map((step, at) => {
    if ("say" in step) return `> ${step.say}`;
    const call = "shell" in step ? `$ ${step.shell}` : `${step.tool}(${JSON.stringify(step.input)})`;
    return `${call}\n${(results[at] ?? "").trim()}`;
  });
  return [`session hook: you are ${toldByHook(first)}`, ...told, `commits of the store:\n${log}`].join("\n\n");
}
