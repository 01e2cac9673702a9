import type { ComponentChildren, JSX } from "preact";

/** One of several steps that follow each other. */
export interface Stage {
  readonly key: string;
  readonly name: string;
  /** How far it is, as a colour: a category's name, or "" for none. */
  readonly tone: string;
  /** The one that the page is about. */
  readonly isOwn?: boolean;
  readonly children?: ComponentChildren;
}

/** Steps as a row from left to right; on a narrow page they go on below. */
export function Stages({ stages, label }: { readonly stages: readonly Stage[]; readonly label: string }): JSX.Element {
  return (
    <ol class="stages" aria-label={label}>
      {stages.map(({ key, name, tone, isOwn = false, children }) => (
        <li
          key={key}
          class={`state ${tone} ${isOwn ? "own" : ""}`}
          {...(isOwn ? { "aria-current": "step" as const } : {})}
        >
          <i aria-hidden="true" />
          <b dir="auto">{name}</b>
          {children}
        </li>
      ))}
    </ol>
  );
}
