import { tokensOf } from "./languages.ts";

// Apart from the page: code that somebody wrote to keep a pattern busy keeps nobody waiting.
addEventListener("message", ({ data }: MessageEvent<{ request: number; code: string; language: string }>) => {
  postMessage({ request: data.request, tokens: tokensOf(data.code, data.language) });
});
