import { lstatSync } from "node:fs";

/** Whether there is a folder at each of these places, and no link to one: what lies behind a link is somebody else's. */
export function arePlainFolders(...places: readonly string[]): boolean {
  return places.every((place) => lstatSync(place, { throwIfNoEntry: false })?.isDirectory() === true);
}
