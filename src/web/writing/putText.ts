import type { TextEdit } from "./textEdits.ts";

/** Changes the text of a field as if it had been typed, so that the browser's own undo takes it back. */
export function putText(field: HTMLTextAreaElement, { from, to, insert, select }: TextEdit): void {
  field.focus();
  field.setSelectionRange(from, to);
  if (from !== to || insert !== "") {
    // What browsers have instead of it forgets what could be undone.
    const command = insert === "" ? "delete" : "insertText";
    if (!document.execCommand(command, false, insert)) {
      field.setRangeText(insert, from, to, "end");
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }
  }
  field.setSelectionRange(...select);
}

/** Puts words where the caret is, in place of what is selected. */
export function insertText(field: HTMLTextAreaElement, text: string): void {
  const { selectionStart: from, selectionEnd: to } = field;
  putText(field, { from, to, insert: text, select: [from + text.length, from + text.length] });
}

/**
 * Puts the link of a file where the caret is, or was, with a space before it where words stand; the keyboard stays where
 * somebody works meanwhile.
 */
export function insertLink(field: HTMLTextAreaElement, link: string): void {
  const { selectionStart: from, value } = field;
  const text = `${/\S/.test(value.charAt(from - 1)) ? " " : ""}${link}`;
  if (document.activeElement === field) insertText(field, text);
  else {
    field.setRangeText(text, from, field.selectionEnd, "end");
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }
}

/** What decides where the letters of a field stand. */
const COPIED = [
  ...["fontFamily", "fontSize", "fontWeight", "fontStyle", "lineHeight", "letterSpacing", "textTransform", "tabSize"],
  ...["paddingTop", "paddingRight", "paddingBottom", "paddingLeft", "direction", "textAlign", "wordSpacing"],
  ...["borderTopWidth", "borderRightWidth", "borderBottomWidth", "borderLeftWidth"],
] as const;

/** Where a place in the text of a field is, in the window: below the line, and where the next line would begin. */
export function caretPlace(field: HTMLTextAreaElement, at: number): { readonly left: number; readonly top: number } {
  const style = getComputedStyle(field);
  const copy = document.createElement("div");
  for (const name of COPIED) copy.style.setProperty(kebab(name), style.getPropertyValue(kebab(name)));
  Object.assign(copy.style, {
    position: "absolute",
    visibility: "hidden",
    boxSizing: "border-box",
    borderStyle: "solid",
    width: `${field.offsetWidth}px`,
    whiteSpace: "pre-wrap",
    overflowWrap: "break-word",
  });
  const mark = document.createElement("span");
  mark.textContent = "\u200b";
  copy.append(field.value.slice(0, at), mark);
  (field.parentElement ?? document.body).append(copy);
  const { offsetLeft, offsetTop, offsetHeight } = mark;
  copy.remove();
  const box = field.getBoundingClientRect();
  return {
    left: box.left + Math.min(offsetLeft, field.clientWidth) - field.scrollLeft,
    top: Math.min(box.bottom, box.top + offsetTop + offsetHeight - field.scrollTop),
  };
}

function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
