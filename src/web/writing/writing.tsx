import type { JSX, RefObject } from "preact";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Problem } from "../data/api.ts";
import { model } from "../data/model.ts";
import type { Markdown as MarkdownType } from "./markdown.tsx";
import { OfferList, type Offers, useOffers } from "./offers.tsx";
import { putText } from "./putText.ts";
import { continueList, indentList, makeLink, type TextEdit, toggleMarks } from "./textEdits.ts";

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
  return (
    <div class="writing" onKeyDownCapture={press}>
      {isSmall ? null : <Tabs name={name} isPreview={isPreview} show={show} />}
      <div id={`${name}-write`} hidden={isPreview}>
        <textarea
          {...more}
          ref={box}
          aria-label={label}
          aria-autocomplete="list"
          aria-haspopup="listbox"
          aria-controls={offers.open === undefined ? undefined : `${name}-list`}
          aria-activedescendant={offers.open === undefined ? undefined : `${name}-${offers.open.chosen}`}
          dir="auto"
          rows={rows}
          placeholder={placeholder}
          value={text}
          onInput={(event) => {
            put(event.currentTarget.value);
            offers.look();
          }}
          onKeyUp={(event) =>
            offers.open !== undefined && /^(Arrow(Left|Right)|Home|End)$/.test(event.key) && offers.look()
          }
          onClick={offers.close}
          onScroll={offers.close}
          onFocus={offers.prepare}
          onFocusOut={offers.close}
        />
      </div>
      {isPreview ? <Preview name={name} text={text} height={height} /> : null}
      <OfferList name={name} offers={offers} />
    </div>
  );
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
      id={`${p.name}-${title}`}
      aria-selected={p.isPreview === isPreview}
      aria-controls={panel}
      tabIndex={p.isPreview === isPreview ? 0 : -1}
      title="Ctrl Shift P"
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
    <div class="tabs" role="tablist" aria-label="Write or preview">
      {tab("Write", false, `${p.name}-write`)}
      {tab("Preview", true, `${p.name}-preview`)}
    </div>
  );
}

/** How the text will look; what makes that is loaded when it is wanted. */
function Preview({
  name,
  text,
  height,
}: {
  readonly name: string;
  readonly text: string;
  readonly height: number;
}): JSX.Element {
  const [Markdown, setMarkdown] = useState<typeof MarkdownType>();
  const [problem, setProblem] = useState("");
  useEffect(() => {
    import("./markdown.tsx").then(
      (module) => setMarkdown(() => module.Markdown),
      () => setProblem("The preview could not be loaded; is `ayo serve` still running?"),
    );
  }, []);
  const isTicket = (id: string): boolean => {
    const known = model.get();
    return known !== undefined && !(known instanceof Problem) && known.cards.has(id);
  };
  return (
    <div
      class="preview"
      role="tabpanel"
      id={`${name}-preview`}
      aria-labelledby={`${name}-Preview`}
      // It scrolls, and Ctrl Shift P leads back from it.
      // biome-ignore lint/a11y/noNoninteractiveTabindex: see above.
      tabIndex={0}
      style={{ minHeight: `${height}px` }}
    >
      {text.trim() === "" ? <p class="empty">{problem || "Nothing to preview yet."}</p> : null}
      {text.trim() === "" || Markdown === undefined ? problem : <Markdown text={text} isTicket={isTicket} />}
    </div>
  );
}
