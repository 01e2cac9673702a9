/** Words for priorities, the highest first. */
export const PRIORITIES = ["critical", "high", "medium", "low", "lowest"] as const;

/** What others call them: Linear, Jira and people. */
const OTHER_WORDS: Readonly<Record<string, number>> = { urgent: 0, highest: 0, normal: 2 };

/** 0 (highest) to 4, also as `p1` or a word; undefined for what is none. */
export function priorityFrom(value: string | number): number | undefined {
  const text = String(value)
    .trim()
    .toLowerCase()
    .replace(/^p(?=\d$)/, "");
  if (Object.hasOwn(OTHER_WORDS, text)) return OTHER_WORDS[text];
  const number = /^[0-4]$/.test(text) ? Number(text) : (PRIORITIES as readonly string[]).indexOf(text);
  return number < 0 ? undefined : number;
}

/** What to say of a priority that is none. */
export function noPriority(value: string | number): string {
  return `priority '${value}' is not one of 0, 1, 2, 3, 4, ${PRIORITIES.join(", ")}`;
}
