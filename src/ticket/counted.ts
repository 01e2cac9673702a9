/** `1 ticket`, `2 tickets`; `plural` where it is not made by an s. */
export function counted(count: number, one: string, plural = `${one}s`): string {
  return `${count} ${count === 1 ? one : plural}`;
}
