/** Whether a note is of somebody at a tracker: `mara (linear)`, as a sync names them. */
export function isByTracker(by: string | null): boolean {
  return by !== null && / \((?:linear|github)\)$/.test(by);
}
