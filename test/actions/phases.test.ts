import { expect, test } from "vitest";
import { claimTickets, readyTickets } from "../../src/index.ts";
import { givePhases } from "../helpers/phases.ts";
import { tempStore, writeTickets } from "../helpers/tempStore.ts";

const NOW = Date.parse("2026-11-21T12:00:00Z");
const LIVE = "lease: 2026-11-21T12:10:00Z";
const OVER = "lease: 2026-11-21T11:50:00Z";
const SUBMITTED = "status: in_review\nauthors: ['@amy']\nclaimed-by: '@amy'";

/** Who asks: without a role somebody, the assignee and a reviewer; by a role the others, the author among them. */
const ASKERS = {
  any: { as: "@any" },
  coder: { as: "@coder" },
  rexAlone: { as: "@rex" },
  worker: { as: "@will", role: "worker" },
  tester: { as: "@tess", role: "tester" },
  rex: { as: "@rex", role: "reviewer" },
  author: { as: "@amy", role: "reviewer" },
  security: { as: "@sec", role: "Security" },
};
const NO_ROLE = "any coder rexAlone";

/** What a ticket is, to whom `ready` shows it, and to whom `claim --next` gives it where that is another. */
const ROWS: readonly (readonly [what: string, keys: string, ready: string, claim?: string])[] = [
  ["todo", "", `${NO_ROLE} worker`],
  ["todo, assigned to an agent", "assignee: '@coder'", `${NO_ROLE} worker`, "coder"],
  ["todo, of a role", "role: tester", `${NO_ROLE} tester`],
  ["todo in a column of a role", "status: to_test", `${NO_ROLE} tester`],
  ["todo, waits", "deps: [todo-in-work]", ""],
  ["active, nobody's", "status: in_progress", ""],
  ["active, assigned to an agent", "status: in_progress\nassignee: '@coder'", `${NO_ROLE} worker`, "coder"],
  ["active, assigned to a person", "status: in_progress\nassignee: Mara Lind", ""],
  ["active, claimed by a person", "status: in_progress\nclaimed-by: Mara Lind", ""],
  ["active, claimed", `status: in_progress\nassignee: '@coder'\nclaimed-by: '@coder'\n${LIVE}`, ""],
  ["active, run out", `status: in_progress\nclaimed-by: '@bob'\n${OVER}`, `${NO_ROLE} worker`],
  ["active, assigned to an agent, waits", "status: in_progress\nassignee: '@coder'\ndeps: [todo-in-work]", ""],
  ["in a column of a role", "status: testing", `${NO_ROLE} tester`],
  ["in a column of a role, of another role itself", "status: testing\nrole: worker", `${NO_ROLE} tester`],
  ["in a column of a role, assigned", "status: testing\nassignee: '@coder'", `${NO_ROLE} tester`, "coder"],
  ["in a column of a role, claimed", `status: testing\nclaimed-by: '@bob'\n${LIVE}`, ""],
  ["in a column of a role, claimed by a person", "status: testing\nclaimed-by: Mara Lind", ""],
  ["in a column of a role, run out", `status: testing\nclaimed-by: '@bob'\n${OVER}`, `${NO_ROLE} tester`],
  ["in a column of a role, waits", "status: testing\ndeps: [todo-in-work]", ""],
  ["parked", "status: blocked\nassignee: '@coder'", ""],
  ["in review", SUBMITTED, "rex"],
  ["in review, of an old store", "status: in_review\nclaimed-by: '@amy'", "rex"],
  ["in review, assigned to its author", "status: in_review\nassignee: '@amy'", "rex"],
  ["in review, not confirmed", `${SUBMITTED}\nunconfirmed: [status]`, ""],
  ["in review, nobody's", "status: in_review", "rex author"],
  ["in review, by hand, with its author's lease", `${SUBMITTED}\n${LIVE}`, "rex"],
  ["in review, held", `status: in_review\nauthors: ['@amy']\nclaimed-by: '@bob'\n${LIVE}`, ""],
  ["in review, held by a person", "status: in_review\nauthors: ['@amy']\nclaimed-by: Mara Lind", ""],
  ["in review, run out", `status: in_review\nauthors: ['@amy']\nclaimed-by: '@bob'\n${OVER}`, "rex"],
  ["in review, for a role", `${SUBMITTED}\nreviewer: security`, "security"],
  ["in review, for an agent", `${SUBMITTED}\nreviewer: '@rex'`, "rexAlone rex"],
  ["in review, for its author", `${SUBMITTED}\nreviewer: '@amy'`, ""],
  ["in review, for a role and an agent", `${SUBMITTED}\nreviewer: [security, '@rex']`, "rexAlone rex security"],
  ["in review, in a column of a role", SUBMITTED.replace("in_review", "audit"), "security"],
  ["done", "status: closed", ""],
];

test("what is ready is shown and given to whom it is for, and to nobody else", async () => {
  const project = await tempStore();
  givePhases(project);
  const idOf = (what: string) => what.replaceAll(/[^a-z]+/g, "-");
  const rows = Object.fromEntries(ROWS.map(([what, keys]) => [idOf(what), keys === "" ? what : `${what}\n${keys}`]));
  writeTickets(project, {
    ...rows,
    "todo-in-work": `It is waited for\nstatus: in_progress\nclaimed-by: '@bob'\n${LIVE}`,
  });
  const store = project.open({ now: () => NOW });
  const asked = new Map(ROWS.map(([what]) => [what, { ready: [] as string[], claim: [] as string[] }]));
  for (const [name, input] of Object.entries(ASKERS)) {
    const ready = new Set((await readyTickets(store, input)).tickets.map(({ id }) => id));
    const { tickets } = await claimTickets(store, { ...input, next: true, count: 99, dryRun: true });
    const claim = new Set(tickets.map(({ id }) => id));
    for (const [what, row] of asked) {
      if (ready.has(idOf(what))) row.ready.push(name);
      if (claim.has(idOf(what))) row.claim.push(name);
    }
  }
  const names = (text: string) => Object.keys(ASKERS).filter((name) => text.split(" ").includes(name));
  const expected = ROWS.map(([what, , ready, claim = ready]) => ({ what, ready: names(ready), claim: names(claim) }));
  expect([...asked].map(([what, row]) => ({ what, ...row }))).toEqual(expected);
});
