/** Merges what two versions changed of a third, line by line; undefined where both changed the same lines. */
export async function mergeLines(ours: Buffer, base: Buffer, theirs: Buffer): Promise<Buffer | undefined> {
  const { diff3Merge } = await import("node-diff3");
  const lines = (bytes: Buffer): string[] => bytes.toString("utf8").split("\n");
  const regions = diff3Merge(lines(ours), lines(base), lines(theirs), { excludeFalseConflicts: true });
  if (regions.some((region) => region.conflict !== undefined)) return undefined;
  return Buffer.from(regions.flatMap((region) => region.ok ?? []).join("\n"));
}
