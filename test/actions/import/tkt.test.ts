import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { importTwice, repoWith, runImport, ticketText } from "../../helpers/importing.ts";

// The format: src/core/ticket.rs and skills/tkt/references/ticket-format.md of smileynet/tkt at cdba7a7 (0.2).
describe("import of tkt", () => {
  const one = `---
id: "07"
title: "Close shows: what it frees"
status: done
blocked_by: ["01", "03"]
priority: urgent
env: corp
spec: close-flow
validation_criteria:
  - "cargo test passes"
---

# Close shows: what it frees

## Acceptance criteria

- [x] It shows

## Resolution (2026-08-02)

Done with tests
`;
  const two = `---\nid: "01"\ntitle: "Parked"\nstatus: backlog\nblocked_by: []\npriority: low\n---\n\nText\n`;

  test("blockers are dependencies, words of priority are read, and the rest is kept and named", async () => {
    const dir = repoWith({
      "t/.tickets/07-close.md": one,
      "t/.tickets/01-parked.md": two,
      "t/.tickets/config.toml": "[close]\n",
    });
    const { answer, stderr } = await importTwice(dir, "t");
    expect(answer).toMatchObject({ from: "tkt", imported: 2, exact: 1, withExtraFields: 1, inPart: 0 });
    expect(answer).toMatchObject({ extraFields: { env: 1, spec: 1, "validation-criteria": 1 }, danglingReferences: 1 });
    expect(answer).toMatchObject({ unknownStatuses: { backlog: 1 } });
    expect(stderr).toContain("note: left in t/.tickets: config.toml\n");
    expect(ticketText(dir, "07")).toContain(
      "status: closed\ndeps: ['01', '03']\nlinks: []\npriority: 0\nclosed: 2026-08-02\nenv: corp\nspec: close-flow\nvalidation-criteria: [cargo test passes]\n---\n# Close shows: what it frees\n\n## Acceptance criteria\n\n- [x] It shows\n",
    );
    expect(ticketText(dir, "01")).toContain(
      "status: backlog\ndeps: []\nlinks: []\npriority: 3\n---\n# Parked\n\nText\n",
    );
  });

  test("as tk, the same files are taken as they are, and what is not read of them is named", async () => {
    const dir = repoWith({ "t/07-close.md": one });
    const { answer } = await runImport(dir, "t", "--from", "tk");
    expect(answer).toMatchObject({ exact: 0, withExtraFields: 1, extraFields: { blocked_by: 1 } });
    expect(ticketText(dir, "07")).toBe(one);
  });

  test("another project that is numbered alike writes over nothing", async () => {
    const ticket = (id: string, title: string) =>
      `---\nid: "${id}"\ntitle: "${title}"\nstatus: open\nblocked_by: []\n---\n`;
    const dir = repoWith({ "a/01-x.md": ticket("01", "A one"), "a/02-x.md": ticket("02", "A two") });
    await runImport(dir, "a");
    writeFileSync(path.join(dir, "a/01-x.md"), ticket("01", "A one, said better"));
    expect((await runImport(dir, "a")).answer).toMatchObject({ updated: 1, unchanged: 1 });
    mkdirSync(path.join(dir, "b"));
    for (const id of ["01", "02"]) writeFileSync(path.join(dir, `b/${id}-y.md`), ticket(id, `B ${id}`));
    const { code, stderr } = await runImport(dir, "b");
    expect(code).toBe(2);
    expect(stderr).toContain("2 of 2 tickets that are here by these ids have other titles");
    expect(ticketText(dir, "02")).toContain("# A two\n");
  });
});
