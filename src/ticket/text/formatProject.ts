import type { Project } from "../project.ts";
import { formatScalar } from "./formatScalar.ts";

/** What a new project's file says. */
export type NewProject = Pick<Project, "name" | "color" | "status" | "lead" | "due" | "description">;

/** The text of a new project's file. */
export function formatProject({ name, color, status, lead, due, description }: NewProject): string {
  const line = (key: string, value: string | null): string[] =>
    value === null ? [] : [`${key}: ${formatScalar(value, { time: key === "due" })}`];
  const keys = [line("name", name), line("color", color), line("status", status), line("lead", lead), line("due", due)];
  return ["---", ...keys.flat(), "---", ...(description === "" ? [] : [description]), ""].join("\n");
}
