/** A file that texts of a ticket may show. */
export interface TextFile {
  readonly href: string;
  /** It may be shown in the place of its name; in pixels, where that is known. */
  readonly isPicture: boolean;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

/** The files of a ticket, by their paths as texts name them: `attachments/<id>/<name>`. */
export type TextFiles = ReadonlyMap<string, TextFile>;

/** A file on its way to the ticket. */
export interface Upload {
  readonly key: number;
  readonly name: string;
  /** How much of it has gone, from 0 to 1. */
  readonly part: number;
  /** Why it is not there. */
  readonly problem?: string;
  readonly again: () => void;
  readonly forget: () => void;
}

/** How files come to the ticket whose text is written. */
export interface Attaching {
  readonly files: TextFiles;
  /** Attaches files; `onDone` gets what stands in a text for each. `where` is the place that shows how far they are. */
  readonly attach: (files: readonly File[], where: string, onDone?: (link: string) => void) => void;
  readonly uploads: (where: string) => readonly Upload[];
}

/** The files that were pasted or dropped; none where words came with them, as from a table: these are meant. */
export function filesIn(data: DataTransfer | null): readonly File[] {
  if (data === null || data.getData("text/plain") !== "") return [];
  return [...data.files];
}

/** Whether something that is dragged over the page is files. */
export function isOfFiles(data: DataTransfer | null): boolean {
  return data?.types.includes("Files") === true;
}
