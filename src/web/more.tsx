import type { JSX } from "preact";
import { hrefOf, MORE, type ViewName } from "./page/router.ts";
import { say } from "./words/say.ts";

/** The views that are looked at less often, behind one button of the bar. */
export function More({ view }: { readonly view: ViewName }): JSX.Element {
  const current = MORE.find((name) => name === view);
  const place = (list: HTMLElement): void => {
    const { left, right } = document.querySelector("[popovertarget=more]")?.getBoundingClientRect() ?? {
      left: 0,
      right: 0,
    };
    const fits = left + list.offsetWidth <= innerWidth;
    list.style.left = fits ? `${left}px` : "auto";
    list.style.right = fits ? "auto" : `${Math.max(0, innerWidth - right)}px`;
  };
  return (
    <>
      <button
        type="button"
        class={current === undefined ? "quiet" : "quiet current"}
        popovertarget="more"
        aria-label={current === undefined ? say.header.more : `${say.header.more}: ${say.header[current]}`}
      >
        {say.header.more} <span aria-hidden="true">▾</span>
      </button>
      <div id="more" popover="auto" onToggle={(event) => place(event.currentTarget)}>
        {MORE.map((name) => (
          <a
            key={name}
            href={hrefOf(name)}
            onClick={(event) => event.currentTarget.parentElement?.hidePopover()}
            {...(name === view ? { "aria-current": "page" as const } : {})}
          >
            {say.header[name]}
          </a>
        ))}
      </div>
    </>
  );
}
