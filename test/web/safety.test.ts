import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { chromiumWith, faults, open, opened, useBrowser } from "../helpers/boardPage.ts";
import { startServe } from "../helpers/serveProcess.ts";
import { tempStore } from "../helpers/tempStore.ts";

useBrowser();

const PAYLOADS = [
  "<script>window.pwned=1</script>",
  "<img src=x onerror=window.pwned=1>",
  "<svg onload=window.pwned=1><script>window.pwned=1</script></svg>",
  "<svg><animate onbegin=window.pwned=1 attributeName=x dur=1s>",
  "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=window.pwned=1&gt;'>",
  "<a href='javascript:window.pwned=1'>x</a>",
  "[x](javascript:window.pwned=1) [y](JaVaScRiPt:window.pwned=1) [z](data:text/html;base64,PHNjcmlwdD4=)",
  "<a href='java\tscript:window.pwned=1'>tab</a>",
  "![x](x' onerror='window.pwned=1)",
  "<iframe srcdoc='<script>parent.pwned=1</script>'></iframe><object data=javascript:1></object><embed src=javascript:1>",
  "<style>*{display:none}</style><link rel=stylesheet href=//evil.example/x.css><p style='position:fixed;inset:0'>x</p>",
  "<form id=app name=dialog action=//evil.example><input name=submit><button formaction=//evil.example>x</button></form>",
  "<img name=getElementById><a id=location href=x></a><div id=main></div>",
  "<base href=//evil.example><meta http-equiv=refresh content='0;url=//evil.example'>",
  "<input autofocus onfocus=window.pwned=1><details open ontoggle=window.pwned=1>x</details>",
  "<video><source onerror=window.pwned=1></video><audio src=//evil.example/a></audio>",
  "![picture](https://evil.example/track.png)",
  "<template><script>window.pwned=1</script></template><noscript><p title='</noscript><img src=x onerror=window.pwned=1>'>",
  "{{constructor.constructor('window.pwned=1')()}} <%= window.pwned=1 %>",
  "\u202etxt.exe <b>bold</b>",
];

test("nothing that stands in a ticket runs, loads or hides anything, in any view", async () => {
  const project = await tempStore();
  const body = PAYLOADS.map((text) => `${text}\n`).join("\n");
  const quote = (text: string): string => JSON.stringify(text);
  const ids = PAYLOADS.map((text, n) => {
    const id = `x-${String(n).padStart(4, "0")}`;
    const title = text.replaceAll("\n", " ");
    const fields = `assignee: ${quote(title)}\ntags: [${quote(title)}]\nproject: ${quote(title)}\ndeps: [${n > 0 ? "x-0000" : ""}]`;
    project.write(
      id,
      `---\nid: ${id}\nstatus: open\n${fields}\ntype: task\npriority: 2\ncreated: 2026-11-21T03:38:00Z\nblocked-reason: ${quote(title)}\nquestion: ${quote(title)}\nodd: ${quote(title)}\n---\n# ${title}\n\n${n === 0 ? body : text}\n\n## Acceptance Criteria\n\n- [ ] ${title}\n\n## Notes\n\n**2026-11-21T03:40:00Z** @x\n\n${n === 0 ? body : text}\n`,
    );
    return id;
  });
  await project.ayo("ticket", "list", "-q");
  const { url } = await startServe(project.dir);
  const page = await open(url);
  const views = [
    "/board",
    "/?group=assignee",
    "/graph",
    "/stats?days=0",
    "/search?q=window",
    "/inbox",
    ...ids.map((id) => `/ticket/${id}`),
  ];
  for (const view of views) {
    await page.goto(url + view);
    await page.waitForFunction(
      () => document.querySelector(".card, canvas, .tiles, .found li, .inbox li, .ticket") !== null,
    );
    expect(await page.evaluate(() => Reflect.get(window, "pwned")), view).toBeUndefined();
  }
  await page.goto(`${url}/ticket/x-0000`);
  await page.locator(".markdown").first().waitFor();
  const bad = await page.evaluate(() => {
    const inside = [...document.querySelectorAll(".markdown *")];
    const names = inside.filter((one) =>
      /^(script|style|iframe|object|embed|form|svg|math|link|meta|base|video|audio|button|template)$/i.test(
        one.tagName,
      ),
    );
    const attributes = inside
      .flatMap((one) => [...one.attributes])
      .filter(({ name, value }) => {
        const isLink = ["href", "src", "action"].includes(name) && /^\s*(javascript|data:text|vbscript)/i.test(value);
        return /^on|^(style|id|name|srcdoc|formaction|class)$/i.test(name) || isLink;
      });
    return [...names.map(({ tagName }) => tagName), ...attributes.map(({ name, value }) => `${name}=${value}`)];
  });
  expect(bad).toEqual([]);
  expect(await page.locator(".bar .brand").isVisible()).toBe(true);

  // Nor does what a server says that does not look after it.
  const tree = [
    ["script", {}, "window.pwned=1"],
    ["iframe", { srcdoc: "<script>parent.pwned=1</script>" }, "x"],
    ["style", {}, "*{display:none}"],
    [
      "p",
      {
        onclick: "window.pwned=1",
        style: "position:fixed",
        class: "bar",
        id: "main",
        dangerouslySetInnerHTML: { __html: "<b>x</b>" },
      },
    ],
    ["a", { href: "java\tscript:window.pwned=1", ref: "x", key: "y" }, "hostile"],
    ["span", { class: "t-kwd" }, "kept"],
  ];
  await page.route("**/api/markdown", async (route) => {
    const { texts } = route.request().postDataJSON();
    await route.fulfill({ json: { schema: 1, trees: texts.map(() => tree) } });
  });
  await page.reload();
  await page.locator(".markdown .t-kwd").first().waitFor();
  expect(await page.locator(".markdown").first().innerHTML()).toBe(
    '<p></p><a target="_blank" rel="noopener noreferrer nofollow">hostile</a><span class="t-kwd">kept</span>',
  );
  expect(await page.evaluate(() => Reflect.get(window, "pwned"))).toBeUndefined();
  expect(faults.get(page)).toEqual([]);
});

test("a page of another site learns nothing and changes nothing, by whatever name it calls the server", async () => {
  const { project, one, server } = await opened();
  const { port } = new URL(server.url);
  const evil = createServer((_, response) => {
    response.setHeader("content-type", "text/html").end("<!doctype html><title>evil</title><body>");
  });
  await new Promise<void>((resolve) => evil.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void evil.close());
  const before = project.subjects();
  // The second name leads here too, as a name that was bound anew would.
  const hostile = await chromiumWith([`--host-resolver-rules=MAP rebound.example 127.0.0.1`]);
  const page = await (await hostile.newContext()).newPage();
  await page.goto(`http://127.0.0.1:${(evil.address() as AddressInfo).port}/`);
  const tried = await page.evaluate(
    async ([ours, id]) => {
      const said = (what: Promise<unknown>): Promise<string> =>
        what.then(
          () => "got in",
          () => "kept out",
        );
      const json = { "content-type": "application/json" };
      const text = { "content-type": "text/plain" };
      const body = JSON.stringify({ title: "forged" });
      const stream = new Promise((resolve, reject) => {
        const source = new EventSource(`${ours}/api/events`);
        source.addEventListener("hello", resolve);
        source.onerror = reject;
      });
      const script = new Promise((resolve, reject) => {
        const element = document.createElement("script");
        Object.assign(element, { src: `${ours}/api/board`, onload: resolve, onerror: reject });
        document.body.append(element);
      });
      return Promise.all([
        said(fetch(`${ours}/api/board`).then((response) => response.text())),
        said(fetch(`${ours}/api/tickets`, { method: "POST", headers: json, body })),
        said(fetch(`${ours}/api/tickets/${id}`, { method: "DELETE" })),
        said(stream),
        said(script),
        // Reaches the server as what forms send does; nothing must come of it.
        said(fetch(`${ours}/api/tickets`, { method: "POST", mode: "no-cors", headers: text, body })),
      ]);
    },
    [server.url, one] as const,
  );
  expect(tried).toEqual(Array(6).fill("kept out"));
  const rebound = await page.goto(`http://rebound.example:${port}/`);
  expect(rebound?.status()).toBe(403);
  expect(await page.locator("body").textContent()).toContain("forbidden_host");
  expect(project.subjects()).toEqual(before);
});
