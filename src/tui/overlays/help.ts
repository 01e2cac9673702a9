import type { Overlay } from "../app/ui.ts";
import type { Deed } from "../keys/bindings.ts";
import type { Choice } from "./choices.ts";
import { picker } from "./picker.ts";

/** All keys with what they do, to be searched; the one that is chosen is done. */
export function help(deeds: readonly Deed[], onChosen: (deed: Deed) => void): Overlay {
  const choices = deeds.map(
    ({ name, keys, about, group }): Choice => ({
      value: name,
      text: keys.map(keyName).join("  ").padEnd(18),
      about: `${about} · ${group}`,
    }),
  );
  return picker({
    title: "Keys: type to search, Enter does it",
    choices,
    onDone: (values) => {
      const deed = deeds.find(({ name }) => name === values?.[0]);
      if (deed !== undefined) onChosen(deed);
    },
  });
}

const NAMES: Readonly<Record<string, string>> = { up: "↑", down: "↓", left: "←", right: "→" };

/** As a key is written: `^D`, `↑`, `g b`. */
export function keyName(key: string): string {
  return key
    .split(" ")
    .map((part) => NAMES[part] ?? part.replace(/^ctrl\+([a-z])$/, (_, letter: string) => `^${letter.toUpperCase()}`))
    .join(" ");
}
