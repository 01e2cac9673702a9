import { deflateRawSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { importTwice, repoWith, ticketText } from "../../helpers/importing.ts";
import { runHere } from "../../helpers/runHere.ts";

// The format: crates/remote/src/routes/export.rs and crates/remote/src/db/project_statuses.rs of BloopAI/vibe-kanban at
// 4deb7ec (a ZIP with issues.csv, projects.csv, users.csv, and attachments where they were asked for).
describe("import of vibe-kanban", () => {
  const issues = `Issue ID,Title,Description,Status,Priority,Project,Assignee(s),Creator,Created,Updated,Start Date,Due Date,Completed,Parent Issue
VK-1,"Board, fast","Why
so",In progress,High,web,"Ann Lee, bob",Ann Lee,2026-04-01T10:00:00.123456+00:00,2026-04-02T10:00:00+00:00,2026-04-03T00:00:00+00:00,2026-05-01T00:00:00+00:00,,
VK-2,Done one,,Done,,web,,,2026-04-01T10:00:00+00:00,2026-04-01T10:00:00+00:00,,,2026-04-05T00:00:00+00:00,VK-1
`;
  const attachments =
    "Issue ID,Filename,Content Type,Size (bytes),File Path in ZIP\nVK-2,a.png,image/png,3,attachments/VK-2/a.png\n";
  const files = {
    "issues.csv": issues,
    "projects.csv": "Name,Created,Updated\n",
    "users.csv": "Email,Name\n",
    "attachments.csv": attachments,
    "attachments/VK-2/a.png": "png",
  };

  /** A ZIP archive as any program writes it, without checksums, which nothing here reads. */
  function zip(entries: Readonly<Record<string, string>>, claim?: { readonly size: number }): Buffer {
    const [locals, centrals]: [Buffer[], Buffer[]] = [[], []];
    let offset = 0;
    for (const [name, text] of Object.entries(entries)) {
      const data = deflateRawSync(text);
      const size = claim?.size ?? Buffer.byteLength(text);
      const local = Buffer.alloc(30);
      local.writeUInt32LE(0x04034b50, 0);
      local.writeUInt16LE(name.length, 26);
      const central = Buffer.alloc(46);
      central.writeUInt32LE(0x02014b50, 0);
      central.writeUInt16LE(8, 10);
      central.writeUInt32LE(data.length, 20);
      central.writeUInt32LE(size, 24);
      central.writeUInt16LE(name.length, 28);
      central.writeUInt32LE(offset, 42);
      locals.push(local, Buffer.from(name), data);
      centrals.push(central, Buffer.from(name));
      offset += 30 + name.length + data.length;
    }
    const end = Buffer.alloc(22);
    end.writeUInt32LE(0x06054b50, 0);
    end.writeUInt16LE(Object.keys(entries).length, 10);
    end.writeUInt32LE(offset, 16);
    return Buffer.concat([...locals, ...centrals, end]);
  }

  test.each(["export.zip", "export", "export/issues.csv"])(
    "takes issues, people and parents from %s",
    async (source) => {
      const unpacked = Object.fromEntries(Object.entries(files).map(([name, text]) => [`export/${name}`, text]));
      const dir = repoWith({ "export.zip": zip(files), ...unpacked });
      const { answer, stderr } = await importTwice(dir, source);
      expect(answer).toMatchObject({
        from: "vibe-kanban",
        imported: 2,
        needYou: [],
        extraFields: { creator: 1, "start-date": 1 },
        derived: { updated: 2 },
      });
      expect(ticketText(dir, "VK-1")).toBe(
        "---\nid: VK-1\nstatus: in_progress\ndeps: []\nlinks: []\ncreated: 2026-04-01T10:00:00Z\npriority: 1\nassignee: [Ann Lee, bob]\nproject: web\ndue: 2026-05-01T00:00:00Z\ncreator: Ann Lee\nstart-date: '2026-04-03T00:00:00+00:00'\n---\n# Board, fast\n\nWhy\nso\n",
      );
      const isWhole = source !== "export/issues.csv";
      expect(ticketText(dir, "VK-2").includes("vibe-kanban-attachments: [attachments/VK-2/a.png]\n")).toBe(isWhole);
      expect(stderr.includes("projects.csv")).toBe(isWhole);
      expect(ticketText(dir, "VK-2")).toMatch(
        /status: closed\n[\s\S]*parent: VK-1\n[\s\S]*closed: 2026-04-05T00:00:00Z\n/,
      );
    },
  );

  test("archives that are broken, lie about their size or hold no issues are refused", async () => {
    const whole = zip(files);
    const dir = repoWith({
      "cut.zip": whole.subarray(0, whole.length - 40),
      "lies.zip": zip({ "issues.csv": issues.repeat(200) }, { size: 10 }),
      "huge.zip": zip({ "issues.csv": "x" }, { size: 0xffffffff }),
      "other.zip": zip({ "a.txt": "x" }),
    });
    const errorOf = async (file: string) => (await runHere(dir, ["import", file])).stderr;
    expect(await errorOf("cut.zip")).toContain("cut.zip is a broken ZIP archive");
    expect(await errorOf("lies.zip")).toContain("lies.zip: issues.csv cannot be unpacked");
    expect(await errorOf("huge.zip")).toContain("huge.zip: issues.csv is larger than 256 MiB");
    expect(await errorOf("other.zip")).toContain("other.zip has no issues.csv: it is no export of vibe-kanban");
  });
});
