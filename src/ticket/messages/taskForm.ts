import { parseTags, type TicketTag } from "./ticketTags.ts";

/** A description of the form `Phase 2: Build login - TICKET: ayo-x7k2. More text.`, taken apart. */
export interface TaskForm {
  readonly phase: string;
  readonly description: string;
  readonly tags: readonly TicketTag[];
}

/** The form itself, for messages. */
export const TASK_FORM = "Phase X: Description - TICKET: <id>";

const PHASE = /^\s*Phase[ \t]+(\w[\w.-]*)[ \t]*:/i;

/**
 * Reads a task's description (the seeds' section "Task-Ticket Linking Format"); a list of what is wrong where it has
 * not that form. Whether the tickets exist is not asked here.
 */
export function parseTaskForm(text: string): TaskForm | readonly string[] {
  const phase = PHASE.exec(text);
  const tags = parseTags(text).filter(({ certain }) => certain);
  const wrong: string[] = [];
  if (text.trim() === "") return ["the text is empty"];
  if (phase === null) wrong.push("it does not begin with 'Phase X:'");
  if (tags.length === 0) wrong.push("it has no 'TICKET: <id>'");
  const rest = phase === null ? text : text.slice(phase[0].length);
  const at = rest.search(/(?<![\w/.])TICKET[ \t]*:/i);
  const before = at < 0 ? rest : rest.slice(0, at);
  const description = before.replace(/\s*[-–—]\s*$/, "").trim();
  if (description === "") wrong.push("it has no description before the ticket");
  if (at >= 0 && tags.length > 0 && !/\s[-–—]\s*$/.test(before)) wrong.push("there is no ' - ' before 'TICKET:'");
  return wrong.length > 0 ? wrong : { phase: phase?.[1] ?? "", description, tags };
}
