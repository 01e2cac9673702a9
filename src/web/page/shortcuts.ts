import { say, wordFor } from "../words/say.ts";

/** Keys and what they do, by where they do it. */
export type Shortcuts = readonly (readonly [group: string, rows: readonly (readonly [keys: string, what: string])[]])[];

/** What the help sheet lists; what a view does with keys of its own is listed here too. */
export function shortcuts(): Shortcuts {
  return [
    [
      say.keys.everywhere,
      [
        ["Ctrl K", say.keys.palette],
        ["c", say.keys.create],
        ["/", say.keys.filter],
        ["g i", say.keys.inbox],
        ["g b", say.keys.board],
        ["g a", say.keys.agents],
        ["g g", say.keys.graph],
        ["g s", say.keys.search],
        ["g t", say.keys.stats],
        ["g p", say.keys.projects],
        ["g w", say.keys.pipelines],
        ["g y", say.keys.sync],
        ["g l", say.keys.timeline],
        ["t", say.keys.theme],
        ["?", say.keys.help],
        ["Esc", say.keys.leave],
      ],
    ],
    ...onTickets(),
    ...elsewhere(),
  ];
}

function elsewhere(): Shortcuts {
  return [
    [
      say.keys.inInbox,
      [
        ["↑ ↓  or  k j", say.keys.walkLines],
        ["Enter", say.keys.openTicket],
        ["r", say.keys.reply],
        ["1 … 9", say.keys.option],
        ["a, b", say.keys.judge],
        ["s", say.keys.takeUp],
        ["m, a, p, l", say.keys.pick],
        ["e, h", say.keys.putAway],
      ],
    ],
    [
      say.keys.inAgents,
      [
        ["↑ ↓  or  k j", say.keys.walkWork],
        ["n", say.keys.message],
        ["x, r", say.keys.stopRun],
        ["a", say.keys.reassign],
        ["o", say.keys.openTicket],
        ["/, Enter", say.keys.findInLog],
      ],
    ],
    [
      say.keys.inText,
      [
        ["Ctrl B, Ctrl I, Ctrl K", say.keys.marks],
        ["Enter, Tab, Shift Tab", say.keys.lists],
        ["@, #", say.keys.names],
        ["Ctrl Shift P", say.keys.preview],
        ["Ctrl Enter", say.keys.send],
        ["Esc", say.keys.leaveText],
      ],
    ],
    [
      say.keys.inTimeline,
      [
        ["↑ ↓  or  k j", say.keys.walkLines],
        ["← →", say.keys.earlier],
        ["+ − 0", say.keys.nearer],
      ],
    ],
    [
      say.keys.inGraph,
      [
        ["+ − 0", say.keys.zoom],
        ["← ↑ ↓ →", say.keys.move],
      ],
    ],
  ];
}

function onTickets(): Shortcuts {
  return [
    [
      say.keys.onBoard,
      [
        ["← ↑ ↓ →  or  k j", say.keys.walk],
        ["Home End PgUp PgDn", say.keys.jump],
        ["Space", say.keys.beside],
        ["Enter", say.keys.open],
        ["v", say.keys.list],
        ["Alt ↑ ↓", say.keys.rank],
        ["d", say.keys.carry],
        ["f", say.keys.fold],
        ["Shift ↑ ↓, Shift Space", say.keys.select],
        ["Ctrl A", say.keys.all],
        ["Ctrl Z", say.keys.undo],
        ["Esc", say.keys.clear],
        ["s, x", say.keys.startAll],
      ],
    ],
    [
      say.keys.onCard,
      [
        ["m, a, p, l", say.keys.pick],
        ["Shift P, U, W, D", say.keys.pickMore],
      ],
    ],
    [
      say.keys.onTicket,
      [
        ["e", say.keys.edit],
        ["n", say.keys.note],
        ["s, x", say.keys.startOne],
      ],
    ],
  ];
}

/** Keys as keyboards of the language name them: `Strg K`. */
export function keyText(keys: string): string {
  return keys.replaceAll(/[a-z]{2,}/gi, (name) => wordFor(name, say.keyNames));
}

/** Those that have every word of what is typed: as keys, in what they do, or as the place where they do it. */
export function shortcutsFor(text: string, all = shortcuts()): Shortcuts {
  const words = text.toLowerCase().split(/\s+/);
  const fits = (some: string): boolean => words.every((word) => some.toLowerCase().includes(word));
  return all.flatMap(([group, rows]) => {
    const fitting = rows.filter(([keys, what]) => fits(`${group} ${keys} ${keyText(keys)} ${what}`));
    return fitting.length === 0 ? [] : [[group, fitting] as const];
  });
}
