import type { JSX } from "preact";
import type { Model } from "../model.ts";

/** To come. */
export function SearchView({ model }: { readonly model: Model }): JSX.Element {
  return <p>{model.cards.size}</p>;
}
