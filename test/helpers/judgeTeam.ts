import path from "node:path";
import { expect } from "vitest";
import { fsck, git } from "./git.ts";

interface Step {
  readonly actor: string;
  readonly verb: string;
  readonly id: string;
}

/**
 * Has git judge what the team of the README's four terminals did in `project`: everything is closed, a ticket was never
 * two workers' at once, none was done again after it was approved, and nobody approved his own work.
 */
export function judgeTeam(project: string): void {
  const tickets = path.join(project, ".tickets");
  fsck(tickets);
  expect(git(tickets, "status", "--porcelain")).toBe("");
  const statuses = git(tickets, "grep", "-h", "^status:", "HEAD", "--", "*.md").trim().split("\n");
  expect(new Set(statuses)).toEqual(new Set(["status: closed"]));
  const steps = stepsOf(tickets);
  const ids = [...new Set(steps.map(({ id }) => id))];
  expect(ids.length).toBe(statuses.length);
  for (const id of ids) judgeTicket(steps.filter((step) => step.id === id));
  expect(steps.filter(({ verb }) => verb === "reject").length).toBe(1);
  expect(steps.filter(({ verb }) => verb === "answer").length).toBe(1);
}

function judgeTicket(steps: readonly Step[]): void {
  const story = steps.map(({ actor, verb, id }) => `${verb} ${id} ${actor}`).join("\n");
  let holder: string | undefined;
  let author: string | undefined;
  for (const { actor, verb } of steps) {
    if (verb === "claim") {
      expect(holder, story).toBeUndefined();
      holder = actor;
    } else if (["submit", "ask", "check"].includes(verb)) {
      expect(actor, story).toBe(holder);
      if (verb === "submit") author = actor;
      if (verb !== "check") holder = undefined;
    } else if (verb === "approve") {
      expect(author, story).not.toBe(actor);
    }
  }
  // The release itself is the manager's, a person, who claims and closes it.
  const ends = steps.filter(({ verb }) => verb === "approve" || verb === "close");
  expect(ends, story).toEqual([steps.at(-1)]);
}

/** Who did what to which ticket, the oldest first; without what made them. */
function stepsOf(tickets: string): Step[] {
  const lines = git(tickets, "log", "--reverse", "--format=%an%x09%s").trim().split("\n");
  return lines.flatMap((line) => {
    const [actor = "", subject = ""] = line.split("\t");
    const [, verb, id] =
      /^(claim|submit|ask|answer|check|reject|approve|close) (?:about )?(mya-\w{4}): /.exec(subject) ?? [];
    return verb === undefined || id === undefined ? [] : [{ actor, verb, id }];
  });
}
