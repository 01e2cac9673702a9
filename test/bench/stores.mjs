// Makes the stores that the benchmark measures: always the same tickets for the same size.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

const WORDS = "login token cache index board agent review branch merge claim lease search filter parser writer".split(
  " ",
);
const TYPES = ["task", "bug", "feature", "chore"];
const MONTHS = 24;

/** A small generator of pseudo-random numbers in [0, 1) (mulberry32). */
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function idOf(i) {
  const scrambled = (i * 104_729 + 12_345) % 36 ** 4;
  return `b-${scrambled.toString(36).padStart(4, "0")}`;
}

/**
 * `count` tickets of about 700 bytes: 30 % closed, 40 % with one to three dependencies on earlier ones.
 * The first `archived` of them are closed and have a month.
 */
export function makeTickets(count, archived = 0) {
  const next = random(count);
  const word = () => WORDS[Math.floor(next() * WORDS.length)];
  const sentence = (length) => Array.from({ length }, word).join(" ");
  return Array.from({ length: count }, (_, i) => {
    const isArchived = i < archived;
    const dependencies = next() < 0.4 && i > 3 ? 1 + Math.floor(next() * 3) : 0;
    const deps = new Set(Array.from({ length: dependencies }, () => idOf(Math.floor(next() * i))));
    const day = 86_400_000;
    return {
      id: idOf(i),
      status: isArchived || next() < 0.3 ? "closed" : "open",
      deps: [...deps],
      created: new Date(Date.UTC(2026, 0, 1) + (i % 300) * day).toISOString().replace(".000", ""),
      type: TYPES[Math.floor(next() * TYPES.length)],
      priority: Math.floor(next() * 5),
      title: `Bench ${i}: ${sentence(4)}`,
      description: Array.from({ length: 7 }, () => sentence(11)).join("\n"),
      month: isArchived
        ? `20${24 + Math.floor((i % MONTHS) / 12)}-${String(1 + (i % 12)).padStart(2, "0")}`
        : undefined,
    };
  });
}

/** The text of a ticket's file. */
export function fileOf(ticket) {
  return `---
id: ${ticket.id}
status: ${ticket.status}
deps: [${ticket.deps.join(", ")}]
links: []
created: ${ticket.created}
type: ${ticket.type}
priority: ${ticket.priority}
---
# ${ticket.title}

${ticket.description}
`;
}

/** Writes the tickets' files into the store `dir`. */
export function writeTickets(dir, tickets) {
  for (const month of new Set(tickets.map((ticket) => ticket.month))) {
    if (month !== undefined) mkdirSync(path.join(dir, "archive", month), { recursive: true });
  }
  for (const ticket of tickets) {
    const folder = ticket.month === undefined ? dir : path.join(dir, "archive", ticket.month);
    writeFileSync(path.join(folder, `${ticket.id}.md`), fileOf(ticket));
  }
}

/** The same tickets as lines of JSON for `ayo import`. */
export function writeJsonLines(file, tickets) {
  writeFileSync(file, tickets.map(({ month, ...ticket }) => `${JSON.stringify(ticket)}\n`).join(""));
}

/** Ids of open tickets on which nothing has to wait: they can be closed. */
export function closable(tickets) {
  return tickets.filter((ticket) => ticket.status === "open" && ticket.deps.length === 0).map((ticket) => ticket.id);
}
