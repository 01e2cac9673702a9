import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { Upload } from "./files.ts";

/** Files on their way, and why some did not get there; said to screen readers. */
export function UploadList({ uploads }: { readonly uploads: readonly Upload[] }): JSX.Element {
  return (
    <div class="uploads" role="status">
      {uploads.map(({ key, name, part, problem, again, forget }) => (
        <p key={key} class={problem === undefined ? "" : "failed"}>
          <span dir="auto">
            {problem === undefined ? `Attaching ${name}…` : `${name} was not attached: ${problem}.`}
          </span>
          {problem === undefined ? (
            <progress max={1} value={part} aria-label={`Attaching ${name}`} />
          ) : (
            <>
              <button type="button" onClick={again}>
                Try again
              </button>
              <button type="button" class="quiet" aria-label={`Dismiss: ${name}`} onClick={forget}>
                ×
              </button>
            </>
          )}
        </p>
      ))}
    </div>
  );
}

/** A button that lets files be chosen. */
export function AttachButton({
  attach,
  title,
}: {
  readonly attach: (files: readonly File[]) => void;
  readonly title: string;
}): JSX.Element {
  const chooser = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" class="quiet attach" title={title} onClick={() => chooser.current?.click()}>
        Attach files
      </button>
      <input
        ref={chooser}
        type="file"
        multiple
        hidden
        onChange={({ currentTarget }) => {
          attach([...(currentTarget.files ?? [])]);
          currentTarget.value = "";
        }}
      />
    </>
  );
}
