import { expect, test } from "vitest";
import { parseTaskForm } from "../../../src/ticket/messages/taskForm.ts";

test.each([
  ["Phase 2: Build Auth System - TICKET: ticket-xxx", "2", "Build Auth System", ["ticket-xxx"]],
  [
    "Phase 2: Fix bugs in Auth - TICKET: your-ticket-id. Token refresh failing with expired tokens.",
    "2",
    "Fix bugs in Auth",
    ["your-ticket-id"],
  ],
  ["phase 3b: a - b – ticket: x-1\n\nmore TICKET: x-2", "3b", "a - b", ["x-1", "x-2"]],
])("%j has the form", (text, phase, description, ids) => {
  expect(parseTaskForm(text)).toEqual({ phase, description, tags: ids.map((id) => ({ text: id, certain: true })) });
});

test.each([
  ["", ["the text is empty"]],
  ["Build it - TICKET: x-1", ["it does not begin with 'Phase X:'"]],
  ["Phase 2: Build it", ["it has no 'TICKET: <id>'"]],
  ["Phase 2: - TICKET: x-1", ["it has no description before the ticket"]],
  ["Phase 2: Build it TICKET: x-1", ["there is no ' - ' before 'TICKET:'"]],
  ["Phase 2 Build it", ["it does not begin with 'Phase X:'", "it has no 'TICKET: <id>'"]],
  ["Phase 2: Build it - TICKET: <id>", ["it has no 'TICKET: <id>'"]],
])("%j has not", (text, wrong) => {
  expect(parseTaskForm(text)).toEqual(wrong);
});
