import type { JSX } from "preact";
import { ticketPath } from "../../data/api.ts";
import { sendChange } from "../../data/changes.ts";
import { confirmChange } from "../../data/commands.ts";
import type { AttachedFile, Shown, Written } from "../../data/shapes.ts";
import { fileHref, isPicture, sizeText } from "../../data/upload.ts";
import { toast } from "../../page/toasts.tsx";
import { say } from "../../words/say.ts";
import type { Attaching } from "../../writing/files.ts";
import { AttachButton, UploadList } from "../../writing/uploadList.tsx";

/** Where what was dropped on the ticket itself is shown on its way. */
export const PAGE = "page";

/** The files of a ticket: to look at, to save, to take away, and more of them. */
export function Attachments({
  shown,
  read,
  attaching,
}: {
  readonly shown: Shown;
  readonly read: () => Promise<void>;
  readonly attaching: Attaching;
}): JSX.Element {
  const { ticket, attachments = [] } = shown;
  const drop = async (name: string): Promise<void> => {
    try {
      const path = ticketPath(ticket.id, `/attachments/${encodeURIComponent(name)}`);
      confirmChange(say.files.removed(name, ticket.id), await sendChange<Written>(path, { method: "DELETE" }));
    } catch (error) {
      toast({ text: (error as Error).message, kind: "error" });
    }
    await read();
  };
  return (
    <section class="attachments" aria-label={say.files.heading}>
      {attachments.length === 0 ? null : (
        <>
          <h2>
            {say.files.heading} <span class="count">{attachments.length}</span>
          </h2>
          <ul class="named">
            {attachments.map((file) => (
              <li key={file.name}>
                <FileLink id={ticket.id} file={file} />
                <span class="hint">
                  {file.size === null ? say.files.unreadable(file.why ?? "") : sizeText(file.size)}
                </span>
                <button
                  type="button"
                  class="quiet"
                  aria-label={say.files.remove(file.name)}
                  onClick={() => void drop(file.name)}
                >
                  ×
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
      <UploadList uploads={attaching.uploads(PAGE)} />
      <AttachButton attach={(files) => attaching.attach(files, PAGE)} title={say.files.orDropOnPage} />
    </section>
  );
}

/** A picture opens beside the page, anything else is saved. */
function FileLink({ id, file }: { readonly id: string; readonly file: AttachedFile }): JSX.Element {
  const { name, size } = file;
  if (size === null) return <span dir="auto">{name}</span>;
  const more = isPicture(file) ? { target: "_blank", rel: "noopener noreferrer" } : { download: name };
  return (
    <a href={fileHref(id, name)} dir="auto" {...more}>
      {name}
    </a>
  );
}
