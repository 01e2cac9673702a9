import type { JSX } from "preact";
import { dialog, SHORTCUTS } from "../page/keys.ts";
import { Modal } from "./modal.tsx";

/** The sheet of keyboard shortcuts. */
export function HelpDialog(): JSX.Element {
  return (
    <Modal label="Keyboard shortcuts">
      <div class="help">
        <h1>Keyboard shortcuts</h1>
        {SHORTCUTS.map(([group, rows]) => (
          <section key={group}>
            <h2>{group}</h2>
            <dl>
              {rows.map(([keys, what]) => (
                <div key={keys}>
                  <dt>
                    <kbd>{keys}</kbd>
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <p>
          Everything else is in{" "}
          <a href="/guide" target="_blank" rel="noopener">
            the guide
          </a>
          .
        </p>
        <button type="button" onClick={() => dialog.set("")}>
          Close
        </button>
      </div>
    </Modal>
  );
}
