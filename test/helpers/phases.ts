import { writeFileSync } from "node:fs";
import path from "node:path";
import type { TempStore } from "./tempStore.ts";

const PHASES = `board:
  columns:
    - {id: open, category: todo}
    - {id: to_test, category: todo, role: tester}
    - {id: in_progress, category: active}
    - {id: testing, category: active, role: Tester}
    - {id: blocked, category: blocked}
    - {id: in_review, category: review}
    - {id: audit, category: review, role: security}
    - {id: closed, category: done}
`;

/** Gives a store a board with columns that are for roles: testers, and security for a second review. */
export function givePhases({ tickets }: TempStore): void {
  writeFileSync(path.join(tickets, "config.yml"), PHASES);
}
