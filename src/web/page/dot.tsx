import type { JSX } from "preact";

/** A dot in a colour by name, or as `#rrggbb`. */
export function Dot({ color }: { readonly color: string | null }): JSX.Element {
  const isCode = color?.startsWith("#") === true;
  return (
    <i
      class={`dot ${isCode ? "" : (color ?? "")}`}
      aria-hidden="true"
      style={isCode ? { backgroundColor: color } : undefined}
    />
  );
}
