import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { dialog } from "../page/keys.ts";
import { chosenLanguage } from "../page/language.ts";
import { keyText, shortcutsFor } from "../page/shortcuts.ts";
import { useValue } from "../page/state.ts";
import { LANGUAGES, say } from "../words/say.ts";
import { Modal } from "./modal.tsx";

/** The sheet of keyboard shortcuts, which typing searches, and the language of the page. */
export function HelpDialog(): JSX.Element {
  const [wanted, setWanted] = useState("");
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => field.current?.focus(), []);
  const found = shortcutsFor(wanted);
  return (
    <Modal label={say.header.keys}>
      <div class="help">
        <h1>{say.header.keys}</h1>
        <input
          ref={field}
          type="search"
          aria-label={say.dialogs.searchKeys}
          placeholder={say.dialogs.searchKeys}
          value={wanted}
          onInput={(event) => setWanted(event.currentTarget.value)}
        />
        <div class="sections">
          {found.map(([group, rows]) => (
            <section key={group}>
              <h2>{group}</h2>
              <dl>
                {rows.map(([keys, what]) => (
                  <div key={keys}>
                    <dt>
                      <kbd>{keyText(keys)}</kbd>
                    </dt>
                    <dd>{what}</dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </div>
        <p role="status">{found.length === 0 ? say.dialogs.noKey : ""}</p>
        <p>{say.dialogs.everythingElse(<Guide />)}</p>
        <div class="buttons">
          <button type="button" onClick={() => dialog.set("")}>
            {say.close}
          </button>
          <Languages />
        </div>
      </div>
    </Modal>
  );
}

function Guide(): JSX.Element {
  return (
    <a href="/guide" target="_blank" rel="noopener">
      {say.dialogs.guide}
    </a>
  );
}

/** Each language by its own name, so that who reads no other finds it. */
function Languages(): JSX.Element {
  return (
    <label class="language">
      {say.dialogs.language}{" "}
      <select value={useValue(chosenLanguage)} onChange={(event) => chosenLanguage.set(event.currentTarget.value)}>
        <option value="">{say.dialogs.browsersLanguage}</option>
        {Object.entries(LANGUAGES).map(([key, { name }]) => (
          <option key={key} value={key} lang={key}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
