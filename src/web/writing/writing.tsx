import type { JSX, RefObject } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { keyText } from "../page/shortcuts.ts";
import { say } from "../words/say.ts";
import { type Attaching, filesIn } from "./files.ts";
import { OfferList, type Offers, useOffers } from "./offers.tsx";
import { Preview } from "./preview.tsx";
import { insertLink, putText } from "./putText.ts";
import { continueList, indentList, makeLink, type TextEdit, toggleMarks } from "./textEdits.ts";
import { AttachButton, UploadList } from "./uploadList.tsx";

interface Props {
  /** What the field is called. */
  readonly label: string;
  readonly text: string;
  readonly put: (text: string) => void;
  /** What Ctrl Enter does. */
  readonly send?: () => void;
  readonly rows: number;
  readonly placeholder?: string;
  /** It is too small to show how the text will look. */
  readonly isSmall?: boolean;
  readonly field?: RefObject<HTMLTextAreaElement | null>;
  /** Where files may be pasted and dropped, which then stand in the text. */
  readonly attaching?: Attaching;
  /** Attributes of the field. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/**
 * A field for markdown: a preview, keys for what is bold, a link or a list, and completion of names and ids. Whoever shows
 * it keeps what is typed.
 */
export function Writing({
  label,
  text,
  put,
  send,
  rows,
  placeholder,
  isSmall = false,
  field,
  attaching,
  more,
}: Props): JSX.Element {
  const own = useRef<HTMLTextAreaElement>(null);
  const box = field ?? own;
  const name = `writing${useId()}`;
  const offers = useOffers(box);
  const { isPreview, height, show } = usePreview(box);
  const press = (event: KeyboardEvent): void => {
    if (event.isComposing || !act(event, { box: box.current, offers, send, toggle: isSmall ? undefined : show }))
      return;
    event.preventDefault();
    // It was meant for the text, not for the page.
    event.stopPropagation();
  };
  const { attach, take } = takingFiles(attaching, name, box);
  return (
    <div class="writing" onKeyDownCapture={press}>
      {isSmall ? null : <Head name={name} isPreview={isPreview} show={show} attach={attaching && attach} />}
      <div id={`${name}-write`} hidden={isPreview}>
        <textarea
          {...more}
          ref={box}
          aria-label={label}
          {...offering(name, offers)}
          dir="auto"
          rows={rows}
          placeholder={placeholder}
          value={text}
          onPaste={(event) => take(event, event.clipboardData)}
          onDrop={(event) => take(event, event.dataTransfer)}
          onInput={(event) => {
            put(event.currentTarget.value);
            offers.look();
          }}
          onBeforeInput={(event) => offers.isTyped(event.data) && event.preventDefault()}
          onKeyUp={(event) =>
            offers.open !== undefined && /^(Arrow(Left|Right)|Home|End)$/.test(event.key) && offers.look()
          }
          onClick={offers.close}
          onScroll={() => offers.open !== undefined && offers.look()}
          onFocus={offers.prepare}
          onFocusOut={offers.close}
        />
      </div>
      {isPreview ? <Preview name={name} text={text} height={height} files={attaching?.files} /> : null}
      {attaching === undefined ? null : <UploadList uploads={attaching.uploads(name)} />}
      <OfferList name={name} offers={offers} />
    </div>
  );
}

/** What attaches files that come to a field, and has them stand in its text. */
function takingFiles(attaching: Attaching | undefined, name: string, box: RefObject<HTMLTextAreaElement | null>) {
  const attach = (files: readonly File[]): void =>
    attaching?.attach(files, name, (link) => box.current !== null && insertLink(box.current, link));
  const take = (event: Event, data: DataTransfer | null): void => {
    const files = attaching === undefined ? [] : filesIn(data);
    if (files.length === 0) return;
    event.preventDefault();
    // The page would attach them once more.
    event.stopPropagation();
    attach(files);
  };
  return { attach, take };
}

/** What of the field's offers screen readers hear. */
function offering(name: string, { open }: Offers) {
  return {
    "aria-autocomplete": "list",
    "aria-haspopup": "listbox",
    "aria-controls": open === undefined ? undefined : `${name}-list`,
    "aria-activedescendant": open === undefined ? undefined : `${name}-${open.chosen}`,
  } as const;
}

interface Field {
  readonly box: HTMLTextAreaElement | null;
  readonly offers: Offers;
  readonly send: (() => void) | undefined;
  readonly toggle: (() => void) | undefined;
}

/** What a key does to the text; true where it did something. */
function act(event: KeyboardEvent, { box, offers, send, toggle }: Field): boolean {
  const { key, ctrlKey, metaKey, shiftKey, altKey } = event;
  const isCombined = (ctrlKey || metaKey) && !altKey;
  if (isCombined && key === "Enter" && send !== undefined) {
    send();
    return true;
  }
  if (isCombined && shiftKey && key.toLowerCase() === "p" && toggle !== undefined) {
    toggle();
    return true;
  }
  if (box === null || event.target !== box) return false;
  if (offers.press(event)) return true;
  const edit = isCombined ? combined(key, shiftKey, box) : plain(key, shiftKey || altKey, box);
  if (edit === undefined) return false;
  putText(box, edit);
  return true;
}

function combined(
  key: string,
  isShift: boolean,
  { value, selectionStart, selectionEnd }: HTMLTextAreaElement,
): TextEdit | undefined {
  if (isShift) return undefined;
  const edits: Readonly<Record<string, () => TextEdit>> = {
    b: () => toggleMarks(value, selectionStart, selectionEnd, "**"),
    i: () => toggleMarks(value, selectionStart, selectionEnd, "*"),
    k: () => makeLink(value, selectionStart, selectionEnd),
  };
  return edits[key.toLowerCase()]?.();
}

function plain(
  key: string,
  isShift: boolean,
  { value, selectionStart, selectionEnd }: HTMLTextAreaElement,
): TextEdit | undefined {
  if (key === "Tab") return indentList(value, selectionStart, selectionEnd, isShift);
  return key === "Enter" && !isShift ? continueList(value, selectionStart, selectionEnd) : undefined;
}

/** Whether the preview is shown, as high as the field was, and what changes that; the keyboard goes along. */
function usePreview(box: RefObject<HTMLTextAreaElement | null>) {
  const [isPreview, setPreview] = useState(false);
  const height = useRef(0);
  const isAsked = useRef(false);
  useLayoutEffect(() => {
    if (!isAsked.current) return;
    if (!isPreview) box.current?.focus();
    else box.current?.closest(".writing")?.querySelector<HTMLElement>("[role=tabpanel]")?.focus();
  }, [isPreview]);
  const show = (wanted = !isPreview, isMoved = true): void => {
    height.current = box.current?.offsetHeight || height.current;
    isAsked.current = isMoved;
    setPreview(wanted);
  };
  return { isPreview, height: height.current, show };
}

function Head({
  attach,
  ...tabs
}: Parameters<typeof Tabs>[0] & { readonly attach: ((files: readonly File[]) => void) | undefined }): JSX.Element {
  return (
    <div class="head">
      <Tabs {...tabs} />
      {attach === undefined ? null : <AttachButton attach={attach} title={say.files.orPaste} />}
    </div>
  );
}

function Tabs(p: {
  readonly name: string;
  readonly isPreview: boolean;
  readonly show: (isPreview: boolean, isMoved?: boolean) => void;
}): JSX.Element {
  const tab = (title: string, isPreview: boolean, panel: string): JSX.Element => (
    <button
      type="button"
      role="tab"
      class="quiet"
      id={`${panel}-tab`}
      aria-selected={p.isPreview === isPreview}
      aria-controls={panel}
      tabIndex={p.isPreview === isPreview ? 0 : -1}
      title={keyText("Ctrl Shift P")}
      onClick={() => p.show(isPreview)}
      onKeyDown={({ key, currentTarget }) => {
        if (key !== "ArrowLeft" && key !== "ArrowRight") return;
        p.show(!p.isPreview, false);
        const other = currentTarget.nextElementSibling ?? currentTarget.previousElementSibling;
        if (other instanceof HTMLElement) other.focus();
      }}
    >
      {title}
    </button>
  );
  return (
    <div class="tabs" role="tablist" aria-label={say.writing.tabs}>
      {tab(say.writing.write, false, `${p.name}-write`)}
      {tab(say.writing.preview, true, `${p.name}-preview`)}
    </div>
  );
}
