import type { Token } from "./languages.ts";

/** What people call the languages, by the names that they have here. */
const NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    bash: "bash sh shell zsh console shell-session",
    css: "css scss less",
    diff: "diff patch",
    go: "go golang",
    html: "html xml svg vue",
    js: "js javascript jsx mjs cjs",
    json: "json jsonc json5 jsonl",
    md: "md markdown",
    py: "py python python3",
    rs: "rs rust",
    sql: "sql",
    ts: "ts typescript tsx mts",
    yaml: "yaml yml",
  }).flatMap(([name, words]) => words.split(" ").map((word) => [word, name] as const)),
);
/** Longer code stays as it is, in characters. */
const MOST = 50_000;
/** Code that takes longer stays as it is. In milliseconds. */
const PATIENCE = 2_000;
/** So many blocks are remembered: a text that is drawn anew has its colours at once. */
const REMEMBERED = 100;

const known = new Map<string, Promise<readonly Token[]> | readonly Token[]>();
let worker: Worker | undefined;
let requests = 0;
/** One block after the other: the one that takes too long takes no other with it. */
let last: Promise<unknown> = Promise.resolve();

/** Colours the blocks of code in a text, of languages that are known. */
export function highlight(content: Element): void {
  for (const code of content.querySelectorAll<HTMLElement>("pre > code[data-lang]")) {
    const language = NAMES.get(code.dataset.lang?.toLowerCase() ?? "");
    const text = code.textContent;
    if (language === undefined || text.length > MOST || code.childElementCount > 0) continue;
    const key = `${language} ${text}`;
    const found = known.get(key) ?? ask(key, text, language);
    if (found instanceof Promise) void found.then((tokens) => paint(code, text, tokens));
    else paint(code, text, found);
  }
}

/** Only words are put there, whatever the code is. */
function paint(code: HTMLElement, text: string, tokens: readonly Token[]): void {
  if (tokens.length === 0 || !code.isConnected || code.textContent !== text) return;
  code.replaceChildren(
    ...tokens.map(([words, type]) => {
      if (type === "") return words;
      const span = document.createElement("span");
      span.className = `t-${type}`;
      span.textContent = words;
      return span;
    }),
  );
}

function ask(key: string, code: string, language: string): Promise<readonly Token[]> {
  const asked = last.then(() => tokens(code, language));
  last = asked;
  known.set(key, asked);
  for (const oldest of known.keys()) {
    if (known.size <= REMEMBERED) break;
    known.delete(oldest);
  }
  void asked.then((found) => known.has(key) && known.set(key, found));
  return asked;
}

/** None where it takes too long, or the worker cannot be had. */
function tokens(code: string, language: string): Promise<readonly Token[]> {
  worker ??= new Worker("/highlightWorker.js", { type: "module" });
  const asked = worker;
  const request = ++requests;
  return new Promise((resolve) => {
    const ending = new AbortController();
    const end = (found: readonly Token[], isUsable: boolean): void => {
      ending.abort();
      clearTimeout(timer);
      if (!isUsable) asked.terminate();
      if (!isUsable && worker === asked) worker = undefined;
      resolve(found);
    };
    const timer = setTimeout(() => end([], false), PATIENCE);
    const { signal } = ending;
    asked.addEventListener("error", () => end([], false), { signal });
    asked.addEventListener(
      "message",
      ({ data }: MessageEvent<{ request: number; tokens: readonly Token[] }>) => {
        if (data.request === request) end(data.tokens, true);
      },
      { signal },
    );
    asked.postMessage({ request, code, language });
  });
}
