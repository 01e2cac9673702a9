import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { card, faults, lane, open, opened, until, useBrowser } from "../helpers/boardPage.ts";
import { startServe } from "../helpers/serveProcess.ts";
import { tempStore } from "../helpers/tempStore.ts";

useBrowser();

describe("a page that stays open", () => {
  test("follows config.yml, says why it cannot be read, and is right when it is mended", async () => {
    const { page, project, one, server } = await opened();
    await card(page, one).waitFor();
    const file = path.join(project.tickets, "config.yml");
    const columns = (name: string) =>
      `board:\n  columns:\n    - {id: open, name: ${name}, category: todo}\n    - {id: icebox, name: Icebox, category: todo}\n    - {id: in_progress, name: Doing, category: active}\n    - {id: closed, name: Done, category: done}\n`;
    writeFileSync(file, columns("Later"));
    await lane(page, "open").getByRole("heading", { name: "Later" }).waitFor();
    await lane(page, "icebox").getByRole("heading", { name: "Icebox" }).waitFor();
    writeFileSync(file, "board: [\n");
    await page
      .getByText(/config\.yml/)
      .first()
      .waitFor();
    expect(await card(page, one).count()).toBe(1);
    const late = await open(`${server.url}/board`);
    await late.getByRole("heading", { name: "The store cannot be read" }).waitFor();
    writeFileSync(file, columns("Now"));
    await Promise.all([page, late].map((at) => lane(at, "open").getByRole("heading", { name: "Now" }).waitFor()));
    expect(await page.getByText(/config\.yml/).count()).toBe(0);
    rmSync(file);
    await lane(page, "icebox").waitFor({ state: "detached" });
    expect(faults.get(page)).toEqual([]);
  });

  test("reads again what failed while the server was away", async () => {
    const { page, project, one, server } = await opened("/board");
    await card(page, one).waitFor();
    const { port } = new URL(server.url);
    const other = await open(`${server.url}/board`);
    await card(other, one).waitFor();
    await server.end();
    // A view whose code nobody has needed yet; a ticket's page is there beforehand.
    for (const key of ["g", "t"]) await page.keyboard.press(key);
    await page.getByText(/could not be loaded/).waitFor();
    await startServe(project.dir, ["--port", port]);
    await page.locator(".tiles").first().waitFor();
    await until(async () => (await other.locator(".connection").textContent()) === "live", "live again");
  });

  test("shares one stream with the other windows of its browser; the next takes over when it goes", async () => {
    const { page, project, one, server } = await opened();
    await card(page, one).waitFor();
    const others = await Promise.all(Array.from({ length: 7 }, () => open(`${server.url}/board`)));
    await Promise.all(others.map((other) => card(other, one).waitFor()));
    const hear = async (title: string, windows: typeof others) => {
      await project.ayo("ticket", "update", one, "--title", title);
      await Promise.all(windows.map((at) => card(at, one).getByText(title).waitFor()));
    };
    await hear("Heard by all", [page, ...others]);
    const [next = page, ...rest] = others;
    const changed = project.ayo("ticket", "update", one, "--title", "While nobody listens");
    await page.close();
    await changed;
    await Promise.all(others.map((at) => card(at, one).getByText("While nobody listens").waitFor()));
    await next.close();
    await hear("Heard by the rest", rest);
    const streams = await Promise.all(
      rest.map((at) =>
        at.evaluate(
          () => performance.getEntriesByType("resource").filter(({ name }) => name.includes("/api/events")).length,
        ),
      ),
    );
    expect(streams.filter((count) => count > 0).length).toBeLessThanOrEqual(1);
  });

  test("asks for the token, and again where the server has another", async () => {
    const project = await tempStore();
    const id = await project.ayo("ticket", "create", "Build login");
    const env = { AYO_TOKEN: "correct-horse-battery" };
    const server = await startServe(project.dir, ["--token"], { env });
    const page = await open(`${server.url}/ticket/${id}`);
    const signIn = async (token: string) => {
      await page.getByLabel("Token").fill(token);
      await page.getByRole("button", { name: "Sign in" }).click();
    };
    await signIn("not-the-token-of-it");
    await page.getByRole("alert").getByText("That is not the token").waitFor();
    await signIn(env.AYO_TOKEN);
    await page.locator(".ticket").waitFor();
    expect(page.url()).toBe(`${server.url}/ticket/${id}`);
    await server.end();
    const { port } = new URL(server.url);
    await startServe(project.dir, ["--token", "--port", port], { env: { AYO_TOKEN: "another-horse-battery" } });
    await signIn("another-horse-battery");
    await page.locator(".ticket").waitFor();
    expect(faults.get(page)).toEqual([]);
  });
});
