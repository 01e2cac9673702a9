import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Model } from "../data/model.ts";
import { say } from "../words/say.ts";
import { Machines } from "./machines.tsx";
import { Trackers } from "./trackers.tsx";

/** How the store stands to other machines and to trackers; nobody is asked before a button is pressed. */
export function SyncView({ model }: { readonly model: Model }): JSX.Element {
  const { workflow } = model.config;
  useEffect(() => {
    document.title = `${say.header.sync} · ${workflow} · ayo`;
  }, [workflow]);
  return (
    <div class="pages">
      <h1>{say.header.sync}</h1>
      <Machines model={model} />
      <Trackers model={model} />
    </div>
  );
}
