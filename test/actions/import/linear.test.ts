import { describe, expect, test } from "vitest";
import { importTwice, repoWith, runImport, ticketText } from "../../helpers/importing.ts";
import { runHere } from "../../helpers/runHere.ts";

// The format: packages/import/src/importers/linearCsv/LinearCsvImporter.ts of linear/linear at 0be38b5 and its test at
// a1513d9 (Blocks, Blocked By); the 34 columns of today's exports and their times as in public copies of such files.
describe("import of Linear's CSV", () => {
  const columns =
    "ID,Team,Title,Description,Status,Estimate,Priority,Project ID,Project,Creator,Assignee,Labels,Cycle Number,Cycle Name,Cycle Start,Cycle End,Created,Updated,Started,Triaged,Completed,Canceled,Archived,Due Date,Parent issue,Initiatives,Project Milestone ID,Project Milestone,SLA Status,UUID,Time in status (minutes),Related to,Blocked by,Duplicate of".split(
      ",",
    );
  const row = (values: Readonly<Record<string, string>>) =>
    columns.map((name) => `"${(values[name] ?? "").replaceAll('"', '""')}"`).join(",");
  const table = (...rows: Readonly<Record<string, string>>[]) => [columns.join(","), ...rows.map(row)].join("\r\n");
  const at = (day: string, hour = "11:21:41") => `${day} ${hour} GMT+0000 (GMT+00:00)`;

  test("columns become fields, relations stand on both sides, and other columns are kept", async () => {
    const source = table(
      {
        ID: "ENG-1",
        Team: "ENG",
        Title: "'=Pages",
        Description: 'One\n"two", ✓',
        Status: "In Progress",
        Priority: "High",
        Project: "Site",
        Creator: "ann@x.io",
        Assignee: "bob@x.io",
        Labels: "seo, ready",
        Estimate: "3",
        Created: at("Wed May 13 2026"),
        Updated: at("Wed May 13 2026"),
        Started: "2026-05-14T09:00:00.000Z",
        "Due Date": at("Thu Jun 25 2026", "23:00:00"),
        "Related to": "ENG-2",
        "Blocked by": "ENG-3, ENG-9",
        "Time in status (minutes)": "10",
      },
      {
        ID: "ENG-2",
        Team: "ENG",
        Title: "Child",
        Status: "Shipped",
        Priority: "No priority",
        Completed: at("Wed Jul 01 2026"),
        "Parent issue": "ENG-1",
      },
      {
        ID: "ENG-3",
        Team: "ENG",
        Title: "Old",
        Status: "Duplicate",
        Canceled: at("Wed May 20 2026"),
        "Duplicate of": "ENG-1",
        Priority: "Urgent",
      },
      {
        ID: "ENG-4",
        Team: "ENG",
        Title: "Left",
        Status: "Todo",
        Archived: at("Thu May 21 2026"),
        Priority: "Sometime",
      },
    );
    const dir = repoWith({ "linear.csv": `\uFEFF${source}` });
    const { answer } = await importTwice(dir, "linear.csv");
    expect(answer).toMatchObject({
      from: "linear",
      imported: 4,
      withExtraFields: 4,
      needYou: [],
      danglingReferences: 1,
    });
    expect(answer).toMatchObject({
      extraFields: {
        "linear-team": 4,
        creator: 1,
        estimate: 1,
        "linear-status": 2,
        "time-in-status-minutes": 1,
        archived: 1,
        "linear-priority": 1,
      },
      derived: { updated: 1 },
    });
    expect(ticketText(dir, "ENG-1")).toBe(
      '---\nid: ENG-1\nstatus: in_progress\ndeps: [ENG-3, ENG-9]\nlinks: [ENG-2]\ncreated: 2026-05-13T11:21:41Z\npriority: 1\nassignee: bob@x.io\ntags: [seo, ready]\nproject: Site\ndue: 2026-06-26\nstarted: 2026-05-14T09:00:00Z\nlinear-team: ENG\nestimate: 3\ncreator: ann@x.io\ntime-in-status-minutes: 10\n---\n# =Pages\n\nOne\n"two", ✓\n',
    );
    expect(ticketText(dir, "ENG-2")).toMatch(
      /status: closed\n[\s\S]*links: \[ENG-1\]\n[\s\S]*parent: ENG-1\n[\s\S]*linear-status: Shipped\n/,
    );
    expect(ticketText(dir, "ENG-3")).toMatch(/status: cancelled\n[\s\S]*duplicate-of: ENG-1\n/);
    expect(ticketText(dir, "ENG-4")).toMatch(/status: cancelled\n[\s\S]*linear-status: Todo\n/);
  });

  test("columns of other years are read: Id, Blocks, Blocked By, and short rows", async () => {
    const head = "Id,Team,Title,Status,Cycle Number,Archived,Blocks,Blocked By";
    const dir = repoWith({ "l.csv": `${head}\nCSV-1,ENG,Auth,Todo,,,"CSV-2, CSV-8",\n\nCSV-2,ENG,Login,Todo\n` });
    await importTwice(dir, "l.csv");
    expect(ticketText(dir, "CSV-2")).toContain("deps: [CSV-1]\n");
    expect(ticketText(dir, "CSV-1")).toContain("blocks: [CSV-8]\n");
  });

  test("broken tables are refused whole with the line, broken rows by themselves", async () => {
    const head = "ID,Team,Title,Status,Cycle Number";
    const dir = repoWith({
      "open.csv": `${head}\nA-1,E,"never closed,Todo,\n`,
      "after.csv": `${head}\nA-1,E,"x"y,Todo,\n`,
      "twice.csv": `${head},Title\nA-1,E,x,Todo,,y\n`,
      "latin.csv": Buffer.from(`${head}\nA-1,E,caf\xe9,Todo,\n`, "latin1"),
      "rows.csv": `${head}\n../../x,E,x,Todo,\nA-1,E,a\u001b[31mb,Todo,\nA-2,E,x,Todo,,more\n,E,x,Todo,\nCON,E,x,Todo,\n`,
    });
    const errorOf = async (file: string) => (await runHere(dir, ["import", file])).stderr;
    expect(await errorOf("open.csv")).toContain("open.csv:2: no CSV: a quote is opened and never closed");
    expect(await errorOf("after.csv")).toContain("after.csv:2: no CSV: there is text after a closing quote");
    expect(await errorOf("twice.csv")).toContain("the column 'Title' is there twice");
    expect(await errorOf("latin.csv")).toContain("UTF-8");
    const { answer, stderr } = await runImport(dir, "rows.csv");
    expect(answer).toMatchObject({ imported: 1, ids: ["A-1"] });
    expect(answer.needYou.map(({ message }) => message)).toEqual([
      "has more values than there are columns",
      "has no id",
      expect.stringContaining("'../../x' can name no file"),
      expect.stringContaining("'CON' can name no file"),
    ]);
    expect(stderr).not.toContain("\u001b");
  });
});
