import type { JSX } from "preact";
import { runVerb } from "../../data/commands.ts";
import type { Model } from "../../data/model.ts";
import type { Shown } from "../../data/shapes.ts";
import { say } from "../../words/say.ts";
import { MarkdownLine } from "../../writing/markdown.tsx";

/** The acceptance criteria, to tick. */
export function Criteria({
  shown,
  model,
  read,
}: {
  readonly shown: Shown;
  readonly model: Model;
  readonly read: () => Promise<void>;
}): JSX.Element | null {
  const { id, checklist } = shown.ticket;
  if (checklist.length === 0) return null;
  const canTick = model.config.verbs.includes("check");
  const tick = async (n: number, box: HTMLInputElement): Promise<void> => {
    const isDone = box.checked;
    if (!(await runVerb(id, isDone ? "check" : "uncheck", { numbers: [n] }))) box.checked = !isDone;
    await read();
  };
  const done = checklist.filter((one) => one.done).length;
  return (
    <section aria-label={say.ticket.criteria}>
      <h2>
        {say.ticket.criteria} <span class="count">{say.ofTotal(done, checklist.length)}</span>
      </h2>
      <ul class="criteria">
        {checklist.map((one) => (
          <li key={one.n}>
            <label>
              <input
                type="checkbox"
                checked={one.done}
                disabled={!canTick}
                onChange={(event) => void tick(one.n, event.currentTarget)}
              />{" "}
              <MarkdownLine text={one.text} />
            </label>
          </li>
        ))}
      </ul>
    </section>
  );
}
