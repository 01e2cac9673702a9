import { beforeEntries, countEntries, moveToNext } from "./indexEntries.ts";
import { compressedEntries, isVersion4 } from "./indexVersion4.ts";

/**
 * The path of every entry of an index of version 2, 3 or 4; a sparse index has folders among them, with a slash at
 * the end. @throws git_unsupported for a damaged one
 */
export function* indexNames(bytes: Buffer): Generator<string> {
  if (isVersion4(bytes)) {
    for (const { name } of compressedEntries(bytes)) yield name.toString("utf8");
    return;
  }
  const place = beforeEntries();
  for (let left = countEntries(bytes); left > 0; left--) {
    moveToNext(bytes, place);
    yield bytes.toString("utf8", place.nameStart, place.nameEnd);
  }
}
