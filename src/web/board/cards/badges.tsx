import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { Problem } from "../../data/api.ts";
import { model } from "../../data/model.ts";
import type { Card } from "../../data/shapes.ts";
import { gaveWay } from "../../data/shown/gaveWay.ts";
import { placeIn } from "../../data/shown/pipelinePlace.ts";
import { stepsOf, wantSteps } from "../../data/shown/pipelines.ts";
import { useValue } from "../../page/state.ts";
import { say } from "../../words/say.ts";

/** The step of a pipeline's run that the card stands for: `⇉ 2/4 review`. */
export function Step({ card }: { readonly card: Card }): JSX.Element | null {
  const { pipeline, pipelineRun, category } = card;
  const isOver = pipeline !== undefined && (category === "done" || category === "cancelled");
  return (pipeline === undefined && pipelineRun === undefined) || isOver ? null : <InRun card={card} />;
}

function InRun({ card }: { readonly card: Card }): JSX.Element | null {
  const known = useValue(model);
  const store = known === undefined || known instanceof Problem ? "" : known.config.dir;
  const run = known === undefined || known instanceof Problem ? undefined : known.cards.get(card.pipelineRun ?? "");
  useEffect(() => void wantSteps(store), [store]);
  const place = placeIn(card, card.pipeline ?? run?.pipeline, useValue(stepsOf));
  if (place === undefined) return null;
  const { step, n, total } = place;
  const text = n === 0 ? say.board.stepNamed(step) : say.board.step(n, total, step);
  return (
    <span class="step" title={text}>
      <span aria-hidden="true">
        ⇉ {n === 0 ? "" : `${n}/${total} `}
        {step}
      </span>
      <span class="sr">{text}</span>
    </span>
  );
}

/** What its tracker calls it; a click there leads to it, where that is an address of the web. */
export function ItemKey({ card: { externalKey, externalUrl = "" } }: { readonly card: Card }): JSX.Element | null {
  if (externalKey === undefined) return null;
  const to = /^https?:\/\//i.test(externalUrl) ? externalUrl : undefined;
  return (
    <span class="key" data-href={to} title={to}>
      {externalKey}
    </span>
  );
}

/** That others may hold it too, and that a change of it gave way to another. */
export function Unsure({ card: { id, claim } }: { readonly card: Card }): JSX.Element | null {
  const isLost = useValue(gaveWay).has(id);
  const texts = [...(claim?.confirmed === false ? [say.board.unsure] : []), ...(isLost ? [say.board.lost] : [])];
  if (texts.length === 0) return null;
  return (
    <span class="asks" title={texts.join("; ")}>
      <span aria-hidden="true">≠</span>
      <span class="sr">{texts.join("; ")}</span>
    </span>
  );
}
