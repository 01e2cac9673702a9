import { FILTER_FIELDS } from "./plainFields.ts";

/** The fields of tickets that the cards of a board in a browser are made of, as its requests name them. */
export const CARD_FIELDS = [
  "id,title,status,category,type,priority,rank,assignee,tags,deps,parent,claim,criteria,blockedBy,ready,authors",
  "created,started,closed,question,unconfirmed,links,commits,externalKey,externalUrl,shortVersion",
  "pipeline,pipelineSteps,pipelineRun,pipelineStep",
  ...FILTER_FIELDS,
].join(",");
