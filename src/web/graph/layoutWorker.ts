import { type LayoutInput, layoutGraph } from "./layout.ts";

// Apart from the page, so that it stays at hand however large the graph is.
addEventListener("message", ({ data }: MessageEvent<{ turn: number; input: LayoutInput }>) => {
  postMessage({ turn: data.turn, layout: layoutGraph(data.input) });
});
