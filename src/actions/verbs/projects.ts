import { get, patch, post, type StoreVerb } from "./verb.ts";

/** Verbs for projects. */
export const PROJECTS = {
  "project list": {
    load: async () => (await import("../project/projectList.ts")).projectList,
    cli: "ayo",
    library: ["listProjects", "Projects: how far each is, when it is due, who leads it."],
    rest: [get("/projects", "ProjectList")],
    tool: { name: "list_projects", show: "all" },
  },
  "project show": {
    load: async () => (await import("../project/projectShow.ts")).projectShow,
    cli: "ayo",
    library: ["showProject", "A project: its tickets, how far it is, what it is about."],
    rest: [get("/projects/{project}", "ProjectShown")],
    tool: { name: "get_project", show: "project limit weeks" },
  },
  "project create": {
    load: async () => (await import("../project/projectCreate.ts")).projectCreate,
    cli: "ayo",
    library: ["createProject", "Makes a project's file; `project.slug` is what tickets name."],
    rest: [post("/projects", "ProjectMade", { makes: true })],
    tool: { name: "create_project", show: "name slug lead due description" },
  },
  "project edit": {
    load: async () => (await import("../project/projectEdit.ts")).projectEdit,
    cli: "ayo",
    library: ["editProject", "Changes what a project's file says; or its slug."],
    rest: [patch("/projects/{project}", "ProjectWritten")],
    tool: { name: "edit_project", show: "project name lead due description status" },
  },
  "project complete": {
    load: async () => (await import("../project/projectEdit.ts")).projectComplete,
    cli: "ayo",
    library: ["completeProject", "Says that a project is done."],
    rest: [post("/projects/{project}/complete", "ProjectWritten")],
  },
  "project archive": {
    load: async () => (await import("../project/projectEdit.ts")).projectArchive,
    cli: "ayo",
    library: ["archiveProject", "Puts a project out of the way; its tickets stay."],
    rest: [post("/projects/{project}/archive", "ProjectWritten")],
  },
  "project reopen": {
    load: async () => (await import("../project/projectEdit.ts")).projectReopen,
    cli: "ayo",
    library: ["reopenProject", "Makes a completed or archived project active again."],
    rest: [post("/projects/{project}/reopen", "ProjectWritten")],
  },
} as const satisfies Readonly<Record<string, StoreVerb>>;
