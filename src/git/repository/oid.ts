/** Whether a text is an object id. */
export function isOid(text: string): boolean {
  return /^[0-9a-f]{40}$/.test(text);
}
