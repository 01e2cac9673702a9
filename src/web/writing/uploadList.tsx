import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { say } from "../words/say.ts";
import type { Upload } from "./files.ts";

/** Files on their way, and why some did not get there; said to screen readers. */
export function UploadList({ uploads }: { readonly uploads: readonly Upload[] }): JSX.Element {
  return (
    <div class="uploads" role="status">
      {uploads.map(({ key, name, part, problem, again, forget }) => (
        <p key={key} class={problem === undefined ? "" : "failed"}>
          <span dir="auto">{problem === undefined ? say.files.attaching(name) : say.files.failed(name, problem)}</span>
          {problem === undefined ? (
            <progress max={1} value={part} aria-label={say.files.attaching(name)} />
          ) : (
            <>
              <button type="button" onClick={again}>
                {say.tryAgain}
              </button>
              <button type="button" class="quiet" aria-label={say.files.dismiss(name)} onClick={forget}>
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
        {say.files.attach}
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
