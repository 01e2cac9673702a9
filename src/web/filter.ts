import { type Card, isFinished } from "./shapes.ts";

/** The keys that the filter bar knows; the language is that of `ayo ticket list`, of which this is the part for now. */
const KEYS = ["is", "status", "type", "tag", "assignee", "priority", "project", "parent", "id"] as const;
type Key = (typeof KEYS)[number];
type Test = (card: Card) => boolean;

/** What `is:` takes, for suggestions. */
export const STATES = ["ready", "blocked", "claimed", "unassigned", "open", "finished"] as const;

const ITEM = /(-?)(?:([a-z-]+):("[^"]*"|\S+)|"([^"]*)"|(\S+))/gi;

/** The test of a filter such as `login is:ready -tag:ui assignee:@a,@b`; words are looked for in ids, titles and tags. */
export function filterOf(text: string): Test {
  const tests = [...text.matchAll(ITEM)].map(([word, minus, name = "", value = "", phrase, plain]): Test => {
    const key = KEYS.find((one) => one === name.toLowerCase());
    const test = key === undefined ? textTest(phrase ?? plain ?? word) : keyTest(key, value.replaceAll('"', ""));
    return minus === "-" ? (card) => !test(card) : test;
  });
  return (card) => tests.every((test) => test(card));
}

function textTest(word: string): Test {
  const wanted = word.replace(/^-/, "").toLowerCase();
  return ({ id, title, tags, assignee }) =>
    title.toLowerCase().includes(wanted) ||
    id.toLowerCase().includes(wanted) ||
    tags.some((tag) => tag.toLowerCase().includes(wanted)) ||
    (assignee?.toLowerCase().includes(wanted) ?? false);
}

function keyTest(key: Key, value: string): Test {
  const values = value.toLowerCase().split(",");
  const any = (of: (card: Card) => readonly (string | null)[]): Test => {
    return (card) => of(card).some((one) => values.includes((one ?? "none").toLowerCase()));
  };
  const tests: Record<Key, () => Test> = {
    is: () => anyOf(values.map(stateTest)),
    status: () => any(({ status, category }) => [status, category]),
    type: () => any(({ type }) => [type]),
    tag: () => any(({ tags }) => (tags.length === 0 ? [null] : tags)),
    assignee: () => whoTest(values),
    priority: () => anyOf(values.map(priorityTest)),
    project: () => any(({ project }) => [project]),
    parent: () => any(({ parent }) => [parent]),
    id: () => any(({ id }) => [id]),
  };
  return tests[key]();
}

function anyOf(tests: readonly Test[]): Test {
  return (card) => tests.some((test) => test(card));
}

function whoTest(values: readonly string[]): Test {
  const bare = values.map((value) => value.replace(/^@/, ""));
  return ({ assignee, claim }) => {
    if (assignee === null && claim === null) return bare.includes("none");
    const names = [...(assignee ?? "").split(", "), claim?.by ?? ""].map((name) =>
      name.replace(/^@/, "").toLowerCase(),
    );
    return names.some((name) => name !== "" && bare.includes(name));
  };
}

function priorityTest(value: string): Test {
  const [, operator = "", number = ""] = /^([<>]=?)?p?(\d)$/.exec(value) ?? [];
  const wanted = Number(number);
  return ({ priority }) => {
    if (operator === "<") return priority < wanted;
    if (operator === "<=") return priority <= wanted;
    if (operator === ">") return priority > wanted;
    if (operator === ">=") return priority >= wanted;
    return number !== "" && priority === wanted;
  };
}

function stateTest(name: string): Test {
  const tests: Readonly<Record<string, Test>> = {
    ready: ({ ready }) => ready,
    blocked: isBlocked,
    claimed: ({ claim }) => claim !== null,
    unassigned: ({ assignee }) => assignee === null,
    open: (card) => !isFinished(card),
    finished: isFinished,
    closed: isFinished,
  };
  return tests[name] ?? (({ status, category }) => status === name || category === name);
}

/** Whether a ticket waits for others, or is in a column of waiting. */
export function isBlocked(card: Card): boolean {
  return card.category === "blocked" || (!isFinished(card) && card.blockedBy.length > 0);
}
