import type { Page } from "playwright-core";

/** Something that the browser can show: where it is, what is done there, and what says that it is shown. */
export interface ViewState {
  readonly name: string;
  readonly where: string;
  readonly sign: string;
  readonly act?: (page: Page) => Promise<void>;
  /** Whose server shows it: one that wants a token, or one without tickets; that of the example store without. */
  readonly of?: Other;
  /** A phone has no such thing. */
  readonly isWide?: true;
  /** The guide has a picture of its view already. */
  readonly isUnpictured?: true;
}

/** Servers besides that of the example store. */
export type Other = "token" | "empty";

const press =
  (...keys: readonly string[]) =>
  async (page: Page): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
  };
/** Once the board is there. */
const onBoard =
  (...keys: readonly string[]) =>
  async (page: Page): Promise<void> => {
    await page.locator("[data-card]").first().waitFor();
    await press(...keys)(page);
  };
const button = (name: string) => (page: Page) => page.getByRole("button", { name }).first().click();

async function goOffline(page: Page): Promise<void> {
  await page.locator("[data-card]").first().waitFor();
  await page.context().setOffline(true);
}

/** A collapsed column; which the browser keeps, so that it is opened before. */
async function collapsed(page: Page): Promise<void> {
  await page.locator("[data-card]").first().waitFor();
  for (const folded of await page.locator(".lane.folded .fold").all()) await folded.click();
  await onBoard("j", "f")(page);
}

async function createPicker(page: Page): Promise<void> {
  await onBoard("c")(page);
  await page.getByRole("dialog").getByRole("button", { name: "Tags" }).click();
}

/** Two who change the same line. */
async function conflict(page: Page): Promise<void> {
  await page.locator(".ticket [data-edit]").click();
  await page.locator(".text textarea").first().fill("Letters, digits and hyphens; no word of ours.");
  await page.evaluate(async () => {
    const at = "/api/tickets/sho-f2rm";
    const { ticket, text } = await (await fetch(at)).json();
    const others = `${text.split("\n\n")[0]}\n\nLetters and digits, ${ticket.version.slice(0, 3)} at most.\n`;
    const body = JSON.stringify({ text: others, version: ticket.version });
    await fetch(`${at}/text`, { method: "PUT", body, headers: { "content-type": "application/json" } });
  });
  await page.keyboard.press("Control+Enter");
}

/** Somebody else has settled what is read; the store stays as it is for the next state. */
async function settledByOther(page: Page): Promise<void> {
  const line = page.locator("[data-line$=':review']").first();
  await line.locator("a").first().focus();
  const gone = await line.getAttribute("data-line");
  await page.route(
    /\/api\/inbox\?/,
    async (route) => {
      const response = await route.fetch();
      const { items, ...rest } = (await response.json()) as { readonly items: readonly { readonly key: string }[] };
      await route.fulfill({ response, json: { ...rest, items: items.filter(({ key }) => key !== gone) } });
    },
    { times: 1 },
  );
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
}

/** Every view and state of the board, of a store that {@link exampleStore} made. */
export const STATES: readonly ViewState[] = [
  { name: "board", where: "/board", sign: ".card" },
  { name: "board-filtered", where: "/?q=is:open%20tag:auth", sign: ".chip" },
  { name: "board-rows", where: "/?lanes=assignee", sign: ".band" },
  { name: "board-collapsed", where: "/board", sign: ".lane.folded .fold:focus", act: collapsed, isWide: true },
  { name: "board-refused", where: "/?q=is%3Anope", sign: ".filter-problem:not(:empty)" },
  { name: "board-grouped", where: "/?group=parent&q=is:open", sign: ".heading" },
  { name: "board-list", where: "/?view=list", sign: ".list .row" },
  { name: "board-panel", where: "/?ticket=sho-h3vt", sign: ".beside .note", isWide: true },
  { name: "board-selected", where: "/board", sign: ".selection", act: onBoard("j", "Shift+ArrowDown") },
  { name: "board-picker", where: "/board", sign: "[role=option]", act: onBoard("j", "a") },
  { name: "board-drag", where: "/board", sign: ".held", act: onBoard("j", "d", "ArrowRight"), isWide: true },
  { name: "palette", where: "/board", sign: "dialog [role=option]", act: onBoard("Control+k") },
  { name: "create", where: "/board", sign: "dialog .create", act: onBoard("c") },
  { name: "create-picker", where: "/board", sign: "dialog dialog [role=option]", act: createPicker },
  { name: "help", where: "/board", sign: "dialog.help, dialog .help", act: onBoard("?") },
  { name: "ticket", where: "/ticket/sho-h3vt", sign: ".ticket .stream li" },
  {
    name: "ticket-editor",
    where: "/ticket/sho-h3vt",
    sign: ".text textarea:focus",
    act: async (page) => {
      await page.locator(".ticket [data-edit]").waitFor();
      await press("e")(page);
    },
  },
  { name: "ticket-conflict", where: "/ticket/sho-f2rm", sign: ".both", act: conflict },
  { name: "ticket-question", where: "/ticket/sho-5c0e", sign: ".question" },
  { name: "ticket-ask", where: "/ticket/sho-d0pf", sign: "dialog textarea", act: button("Block") },
  { name: "ticket-missing", where: "/ticket/nope-1", sign: ".failure" },
  { name: "inbox", where: "/inbox", sign: "[data-line]" },
  { name: "inbox-settled", where: "/inbox", sign: ".left .changed", act: settledByOther },
  { name: "inbox-snooze", where: "/inbox", sign: ".snoozes", act: button("Snooze") },
  { name: "agents", where: "/agents", sign: ".log-row" },
  {
    name: "agents-message",
    where: "/agents",
    sign: ".work textarea:focus",
    act: button("Message"),
    isUnpictured: true,
  },
  { name: "agents-stop", where: "/agents", sign: "[role=alertdialog] :focus", act: button("Stop"), isUnpictured: true },
  { name: "agents-held", where: "/agents?run=sho-j4tn", sign: ".work .facts", isUnpictured: true },
  { name: "graph", where: "/graph?critical=1", sign: "canvas" },
  { name: "search", where: "/search?q=login", sign: ".found li" },
  { name: "search-empty", where: "/search", sign: ".hints" },
  { name: "stats", where: "/stats?days=30", sign: ".tiles" },
  { name: "stats-list", where: "/stats?list=is:closed", sign: ".listed li" },
  { name: "timeline", where: "/timeline?finished=1", sign: ".timeline li a" },
  { name: "more", where: "/stats", sign: "#more a", act: button("More") },
  { name: "projects", where: "/projects", sign: ".pages tbody tr" },
  { name: "project", where: "/projects/accounts", sign: ".pages .lines li" },
  { name: "project-edit", where: "/projects/counters", sign: ".pages form textarea", act: button("Edit project") },
  { name: "pipelines", where: "/pipelines", sign: ".stages" },
  { name: "pipeline", where: "/pipelines/feature-test", sign: ".pages section" },
  { name: "sync", where: "/sync", sign: ".pages .panel p" },
  { name: "sign-in", where: "/", sign: "#token", of: "token" },
  { name: "board-empty", where: "/board", sign: ".welcome", of: "empty" },
  { name: "inbox-empty", where: "/inbox", sign: "main .empty, main .welcome, main p", of: "empty" },
  { name: "offline", where: "/board", sign: ".connection.lost", act: goOffline },
  { name: "nowhere", where: "/nowhere", sign: ".failure" },
  { name: "guide", where: "/guide/board", sign: ".guide h1" },
  { name: "api", where: "/api/docs", sign: ".docs h1" },
];

/** Shows a state, until it is drawn. */
export async function showState(page: Page, url: string, { where, sign, act }: ViewState): Promise<void> {
  await page.context().setOffline(false);
  await page.goto(url + where);
  await act?.(page);
  await page.locator(sign).first().waitFor();
  // A drawn frame, and what it has changed.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
}
