import { useEffect, useRef } from "preact/hooks";
import type { Card } from "../data/shapes.ts";
import { dayText } from "../page/times.ts";
import { say } from "../words/say.ts";
import type { Lane } from "./lanes.ts";

/** While the board is printed a list of all that it shows stands in its place: only cards in view are drawn. */
export function usePrintList(lanes: readonly Lane[]): void {
  const latest = useRef(lanes);
  latest.current = lanes;
  useEffect(() => {
    let list: HTMLElement | undefined;
    const end = (): void => list?.remove();
    const begin = (): void => {
      end();
      // Made by hand: what is drawn by components comes too late.
      list = made("section", "", ...latest.current.filter(({ cards }) => cards.length > 0).map(laneOf));
      list.className = "print-list";
      document.getElementById("main")?.append(list);
    };
    window.addEventListener("beforeprint", begin);
    window.addEventListener("afterprint", end);
    return () => {
      end();
      window.removeEventListener("beforeprint", begin);
      window.removeEventListener("afterprint", end);
    };
  }, []);
}

function laneOf({ column, cards }: Lane): HTMLElement {
  const heading = made("h2", `${column.name} (${cards.length})`);
  return made("div", "", heading, made("ol", "", ...cards.map(lineOf)));
}

function lineOf({ id, title, type, priority, assignee, claim, due }: Card): HTMLElement {
  const name = made("span", title);
  name.dir = "auto";
  const facts = [type, say.priorities[priority], claim?.by ?? assignee, due == null ? null : say.did.due(dayText(due))];
  const known = facts.filter((fact) => fact !== null && fact !== undefined);
  return made("li", "", made("span", id), name, made("span", known.join(", ")));
}

function made(tag: string, text: string, ...parts: readonly HTMLElement[]): HTMLElement {
  const element = document.createElement(tag);
  element.append(text, ...parts);
  return element;
}
