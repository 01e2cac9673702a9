import { splitDocument } from "../../text/splitDocument.ts";
import type { Contents } from "./contents.ts";
import type { Place } from "./identities.ts";
import type { MergedTicket } from "./mergeTickets.ts";
import { type Content, type Files, nameIn } from "./trees.ts";

const FOLDER = "outputs/";

/**
 * Puts with each ticket of a merge the output that its text names, whole and of one side: also where its ticket has
 * another name now, or a side took the file away. `sides` are the last common state and both sides.
 */
export function settleOutputs(
  files: Map<string, Content>,
  tickets: readonly MergedTicket[],
  sides: { readonly [side in "o" | "a" | "b"]: Files },
  contents: Contents,
): void {
  const all = Object.values(sides);
  if (!all.some((side) => [...side.keys()].some((path) => path.startsWith(FOLDER)))) return;
  for (const one of tickets) {
    const path = fileOf(one.name);
    const places = (["o", "a", "b"] as const).map((side) => outputAt(sides[side], one[side]));
    const blobs = new Set(places.map((content) => content?.blob));
    if (blobs.size === 1 && blobOf(files.get(path)) === places[0]?.blob) continue;
    const wanted = outputIn(contents.text(one.merged.content) ?? "");
    const found = places.find((content) => content !== undefined && content.blob === wanted);
    if (found !== undefined) files.set(path, found);
  }
}

function fileOf(name: string): string {
  return `${FOLDER}${name}.json`;
}

type Blob = Extract<Content, { readonly blob: string }>;

function outputAt(files: Files, place: Place | undefined): Blob | undefined {
  const content = place === undefined ? undefined : files.get(fileOf(nameIn(place.path)));
  return content !== undefined && "blob" in content ? content : undefined;
}

function blobOf(content: Content | undefined): string | undefined {
  return content !== undefined && "blob" in content ? content.blob : undefined;
}

/** The blob of the output that a ticket's text names. */
function outputIn(text: string): string | undefined {
  const { front } = splitDocument(text);
  const yaml = front === null ? "" : text.slice(front.start, front.end);
  return /^output[ \t]*:[ \t]*["']?([0-9a-f]{40})["']?[ \t]*\r?$/m.exec(yaml)?.[1];
}
