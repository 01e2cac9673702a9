import { beforeAll, describe, expect, test } from "vitest";
import { laterCleanUp } from "../../helpers/laterCleanUp.ts";
import { TOPIC_NAMES } from "../../helpers/pages.ts";
import { type ServeProcess, startServe } from "../../helpers/serveProcess.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import { tempStore } from "../../helpers/tempStore.ts";

describe("the guide in the browser", () => {
  let server: ServeProcess;
  const cleanUp = laterCleanUp();
  beforeAll(async () => {
    const { dir } = await tempStore({ at: tempDir(cleanUp) });
    server = await startServe(dir, [], { cleanUp });
  });

  test("its index links to every topic", async () => {
    const { status, headers, text } = await server.ask("/guide");
    expect(status).toBe(200);
    expect(headers["content-type"]).toContain("text/html");
    for (const topic of TOPIC_NAMES) expect(text).toContain(`<a href="/guide/${topic}">${topic}</a>`);
  });

  test("every page is there, every link in it leads somewhere, and nothing in it needs a script", async () => {
    const pages = new Map<string, string>();
    for (const topic of ["guide", ...TOPIC_NAMES]) {
      const { status, headers, text } = await server.ask(`/guide/${topic}`);
      expect([topic, status]).toEqual([topic, 200]);
      expect(headers["content-security-policy"]).toMatch(/default-src 'none'/);
      expect(text).not.toMatch(/<script|<style|<!--| style=| on\w+=/);
      pages.set(`/guide/${topic}`, text);
    }
    const others = ["/", "/guide", "/api/docs"];
    const broken = [...pages].flatMap(([at, text]) =>
      [...text.matchAll(/ href="([^"]+)"/g)].flatMap(([, href = ""]) => {
        if (/^https:|\.(?:css|svg)$/.test(href) || others.includes(href)) return [];
        const [to = "", anchor] = href.split("#");
        const target = pages.get(to === "" ? at : to);
        const isThere = target !== undefined && (anchor === undefined || target.includes(` id="${anchor}"`));
        return isThere ? [] : [`${at}: ${href}`];
      }),
    );
    expect(broken).toEqual([]);
  });

  test("blocks and text are shown as they were written", async () => {
    const { text } = await server.ask("/guide/files");
    expect(text).toContain("&quot;The lawyer asked for it.&quot;");
    expect(text).toContain("$ ayo ticket update 5c0e -p 1");
    expect(text).toMatch(/<h2 id="edits-by-hand">Edits by hand<\/h2>/);
    expect((await server.ask("/guide/history")).text).toContain("<code>ayo ticket show &lt;id&gt; --at 2d</code>");
  });

  test.for(["nope", "README", "README.md", "..%2Fagents%2Fblock", "%2e%2e%2f%2e%2e%2fpackage.json", "%3Cb%3E", "a/b"])(
    "there is no /guide/%s",
    async (topic, { expect }) => {
      const { status, text } = await server.ask(`/guide/${topic}`);
      expect(status).toBe(404);
      expect(text).not.toMatch(/<b>|ayo-tickets|Take work/);
    },
  );
});
