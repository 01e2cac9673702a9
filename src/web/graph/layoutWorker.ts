import { type LayoutInput, layoutGraph } from "./layout.ts";

// Apart from the page, so that it stays at hand however large the graph is.
addEventListener("message", ({ data }: MessageEvent<{ request: number; input: LayoutInput }>) => {
  postMessage({ request: data.request, layout: layoutGraph(data.input) });
});
