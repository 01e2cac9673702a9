import fc from "fast-check";
import type { Stamp } from "../../src/ticket/merge/sides.ts";
import { addCriteria } from "../../src/ticket/text/addCriteria.ts";
import { setTitle } from "../../src/ticket/text/body.ts";
import { parseCriteria, tickCriterion } from "../../src/ticket/text/criteria.ts";
import { parseFrontMatter } from "../../src/ticket/text/frontMatter.ts";
import { appendNote } from "../../src/ticket/text/notes.ts";
import { readValues } from "../../src/ticket/text/parseTicket.ts";
import { type FieldChanges, patchFields } from "../../src/ticket/text/patchTicket.ts";
import { formatTime } from "../../src/ticket/time.ts";

/** One change of a ticket, as people and agents make them; `n` tells two of a kind apart. */
export interface Edit {
  readonly kind: (typeof KINDS)[number];
  readonly n: number;
}

const KINDS = [
  "priority",
  "title",
  "due",
  "unknown",
  "comment",
  "tag",
  "untag",
  "dep",
  "status",
  "claim",
  "release",
  "note",
  "criterion",
  "tick",
  "uncheck",
  "drop",
  "line",
  "append",
  "cut",
  "section",
] as const;

export const edits = fc.record({ kind: fc.constantFrom(...KINDS), n: fc.nat({ max: 5 }) });

export const START = `---
id: a-1
status: open
deps: [b-0]
links: []
created: 2026-11-20T10:00:00Z
# kept
priority: 3
tags: [web, old]
---
# Login fails

${[1, 2, 3, 4, 5, 6].map((n) => `Paragraph ${n}.\n\n`).join("")}## Acceptance Criteria

- [ ] first
- [x] second
- [ ] third

## Notes

**2026-11-21T10:00:00Z** @coder

Began.
`;

const PATH = "a-1.md";
const STATUSES = ["open", "in_progress", "blocked", "in_review", "closed", "cancelled"];

/** The text after an edit; what it adds says `mark`, so that it can be found again. */
export function applyEdit(text: string, { kind, n }: Edit, stamp: Stamp, mark: string): string {
  const patch = (changes: FieldChanges): string => patchFields(text, changes, PATH, parseFrontMatter);
  const list = (key: string): readonly string[] => {
    const value = readValues(text, PATH, parseFrontMatter)[key];
    return Array.isArray(value) ? value.map(String) : [];
  };
  const time = formatTime(stamp.time);
  switch (kind) {
    case "priority":
      return patch({ priority: n % 5 });
    case "title":
      return setTitle(text, `Title ${mark}`, PATH, parseFrontMatter);
    case "due":
      return patch({ due: n === 0 ? null : `2026-12-0${n}` });
    case "unknown":
      return patch({ [`x-${n % 2}`]: n === 3 ? null : `v${mark}` });
    case "comment":
      return text.replace(/^(priority: .*\n)/m, `# ${mark}\n$1`);
    case "tag":
      return patch({ tags: [...new Set([...list("tags"), `t${n}`])] });
    case "untag":
      return patch({ tags: list("tags").slice(1) });
    case "dep":
      return patch({ deps: [...new Set([...list("deps"), `d-${n}`])] });
    case "status":
      return patch({ status: STATUSES[n] as string, closed: n > 3 ? time : null });
    case "claim":
      return patch({ claimedBy: stamp.by, lease: formatTime(stamp.time + 900_000), claim: `token${mark}` });
    case "release":
      return patch({ claimedBy: null, lease: null, claim: null });
    case "note":
      return appendNote(text, { at: time, by: stamp.by, text: `Note ${mark}\n\n\`\`\`\n## Notes\n\`\`\`` });
    case "criterion":
      return addCriteria(text, [n < 2 ? `common ${n}` : `criterion ${mark}`]);
    case "tick":
    case "uncheck": {
      const count = parseCriteria(text).length;
      return count === 0 ? text : tickCriterion(text, (n % count) + 1, kind === "tick");
    }
    case "drop":
      return text.replace(/^- \[.\] second.*\n/m, "");
    case "line":
      return text.replace(new RegExp(`^Paragraph ${n + 1}\\..*$`, "m"), `Paragraph ${n + 1}. ${mark}`);
    case "append":
      return text.replace("\n## Acceptance", `\nText ${mark}\n\n## Acceptance`);
    case "cut":
      return text.replace(new RegExp(`^Paragraph ${n + 1}\\..*\\n\\n`, "m"), "");
    case "section":
      return text.replace("\n## Acceptance", `\n## Design\n\nDrawn ${mark}\n\n## Acceptance`);
  }
}

/** Who made the nth commit of a side. */
export function stampFor(side: number, n: number): Stamp {
  const [by, kind] = (
    [
      ["Mara Lind", "person"],
      ["@coder", "agent"],
      ["@tester", "agent"],
      ["Rex", "person"],
      ["linear", "tracker"],
    ] as const
  )[side % 5] as readonly [string, Stamp["kind"]];
  const time = Date.parse("2026-11-28T10:00:00Z") + n * 60_000;
  return { by, kind, time, oid: `${side}${String(n).padStart(39, "0")}` };
}
