/**
 * Up to three of `known` that a typing error away from `typed`, nearest first. Of one letter all others are an error
 * away: only the same in the other case comes near.
 */
export function nearest(typed: string, known: readonly string[]): string[] {
  if (typed.length === 1) {
    return [...new Set(known)].filter((name) => name !== typed && name.toLowerCase() === typed.toLowerCase());
  }
  const limit = Math.max(1, Math.floor(typed.length / 3));
  return [...new Set(known)]
    .filter((name) => name.length > 1)
    .map((name) => ({ name, distance: name.startsWith(typed) ? 0 : distance(typed, name) }))
    .filter((one) => one.distance <= limit)
    .sort((left, right) => left.distance - right.distance)
    .slice(0, 3)
    .map((one) => one.name);
}

/** How many letters are added, left out, wrong, or swapped with the next (Damerau, optimal string alignment). */
function distance(left: string, right: string): number {
  const rows = [Array.from({ length: right.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= left.length; i++) {
    const [above = [], before] = [rows[i - 1], rows[i - 2]];
    const row = [i];
    for (let j = 1; j <= right.length; j++) {
      const change = (above[j - 1] as number) + (left[i - 1] === right[j - 1] ? 0 : 1);
      const isSwap = before !== undefined && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1];
      const swap = isSwap ? (before[j - 2] as number) + 1 : Number.POSITIVE_INFINITY;
      row.push(Math.min(change, swap, (above[j] as number) + 1, (row[j - 1] as number) + 1));
    }
    rows.push(row);
  }
  return (rows[left.length] as number[])[right.length] as number;
}
