import { LANGUAGES, say, speak } from "../words/say.ts";
import { state, storedState } from "./state.ts";
import { toast } from "./toasts.tsx";

/** The language that was chosen in this browser; "" for what the browser says. */
export const chosenLanguage = storedState("language", "");
/** The language that is spoken: what is drawn is drawn anew in another. */
export const language = state("en");

/** Puts the language in place, now and whenever another is chosen; done once its words are there. */
export function applyLanguage(): Promise<void> {
  chosenLanguage.follow(() => void apply());
  return apply();
}

async function apply(): Promise<void> {
  const { languages } = navigator;
  const chosen = chosenLanguage.get();
  const spoken = await speak(Object.hasOwn(LANGUAGES, chosen) ? [chosen] : languages, languages);
  // Another was chosen meanwhile, whose words come later.
  if (chosen !== chosenLanguage.get()) return;
  document.documentElement.lang = spoken;
  document.documentElement.dir = say.direction;
  language.set(spoken);
  if (chosen !== "" && chosen !== spoken) toast({ text: say.page.languageMissing, kind: "error" });
}
