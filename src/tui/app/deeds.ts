import type { Deed } from "../keys/bindings.ts";
import { changeDeeds } from "./changeDeeds.ts";
import { moveDeeds } from "./moveDeeds.ts";

/** All that keys do, as `?` lists it. */
export function allDeeds(): readonly Deed[] {
  return [...moveDeeds(), ...changeDeeds()];
}
