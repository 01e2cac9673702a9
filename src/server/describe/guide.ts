import { Marked, type Tokens } from "marked";
import { guidePage, guideTopics, INDEX } from "../../actions/guide/guide.ts";
import { escapeHtml } from "./escapeHtml.ts";

/** A page of the manual as HTML, which needs no script; undefined for a name that is no topic. */
export function guideHtml(topic: string): string | undefined {
  const text = guidePage(topic);
  return text === undefined ? undefined : page(`ayo: ${topic}`, toHtml(text), topic === INDEX ? "" : topicLinks());
}

/** What is shown at an address of the guide that there is not. */
export function noGuidePage(topic: string): string {
  return page("ayo: no such topic", `<h1>There is no topic '${escapeHtml(topic)}'</h1>`, topicLinks());
}

function topicLinks(): string {
  const links = guideTopics().map(({ name }) => `<a href="/guide/${name}">${name}</a>`);
  return `<nav aria-label="Topics">${links.join(" · ")}</nav>`;
}

function page(title: string, body: string, links: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="/icon.svg"><link rel="stylesheet" href="/docs.css"></head><body><main class="docs guide">
<nav aria-label="ayo"><a href="/">board</a> · <a href="/guide">guide</a> · <a href="/api/docs">REST</a></nav>
${body}
${links}</main></body></html>`;
}

/** Our own pages are trusted as little as any: HTML in them is shown, and links lead to pages, headings and the web. */
function toHtml(text: string): string {
  const marked = new Marked({ gfm: true, async: false });
  marked.use({
    renderer: {
      html: ({ text: raw }: Tokens.HTML | Tokens.Tag) => escapeHtml(raw),
      // What scrolls can be reached by keyboard.
      code: ({ text: code }: Tokens.Code) => `<pre tabindex="0"><code>${escapeHtml(code)}\n</code></pre>\n`,
      image: ({ text: alt }: Tokens.Image) => escapeHtml(alt),
      heading({ tokens, depth, text: heading }: Tokens.Heading) {
        return `<h${depth} id="${anchorOf(heading)}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
      link({ href, tokens }: Tokens.Link) {
        const shown = this.parser.parseInline(tokens);
        const to = addressOf(href);
        return to === undefined ? shown : `<a href="${escapeHtml(to)}">${shown}</a>`;
      },
    },
  });
  return marked.parse(text) as string;
}

/** The name of a heading in an address, as GitHub makes it. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, "")
    .replaceAll(" ", "-");
}

function addressOf(href: string): string | undefined {
  const [, topic, anchor = ""] = /^(\w+)\.md(#[\w-]+)?$/.exec(href) ?? [];
  if (topic !== undefined) return `/guide/${topic === "README" ? INDEX : topic}${anchor}`;
  return /^(?:https:\/\/|#[\w-]+$)/.test(href) ? href : undefined;
}
