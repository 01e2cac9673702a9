import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { call } from "../api.ts";
import type { Model } from "../model.ts";
import type { Projects } from "../projects.ts";
import { filterOf, type Scope, type Test } from "./filter.ts";

/** The test of the filter; while a word is being typed that is none yet, the test of what was there before. */
export function useFilter(
  model: Model,
  q: string,
  known: Projects,
): { readonly test: Test | undefined; readonly problem: string } {
  const before = useRef<Test | undefined>(undefined);
  const linked = useLinked(model, /(^|[\s(-])has:(\S*,)?commits/i.test(q));
  return useMemo(() => {
    try {
      before.current = q.trim() === "" ? undefined : filterOf(q, { ...scopeOf(model, known), hasCommits: linked });
      return { test: before.current, problem: "" };
    } catch (error) {
      return { test: before.current, problem: (error as Error).message };
    }
  }, [model, q, known, linked]);
}

/** What filters of this page are judged by. */
export function scopeOf({ config, cards, children }: Model, known: Projects): Scope {
  const { board, actor } = config;
  return { board, cards, projects: known, me: actor.name, hasChildren: (id) => children.has(id), now: Date.now() };
}

/** The tickets that a commit of the project names: only the server knows branches; undefined until it was asked. */
function useLinked(model: Model, isAsked: boolean): ReadonlySet<string> | undefined {
  const [linked, setLinked] = useState<ReadonlySet<string>>();
  useEffect(() => {
    if (!isAsked) return;
    let isOver = false;
    readLinked().then(
      (ids) => isOver || setLinked(ids),
      // What the files record is there without it.
      () => undefined,
    );
    return () => {
      isOver = true;
    };
  }, [isAsked, model.cards]);
  return isAsked ? linked : undefined;
}

async function readLinked(): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for (let cursor: string | null | undefined = ""; cursor != null; ) {
    const page: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const answer = await call<{ tickets: { id: string }[]; cursor?: string | null }>(
      `/tickets?query=has:commits&limit=5000&fields=id${page}`,
    );
    for (const { id } of answer.tickets) ids.add(id);
    cursor = answer.cursor;
  }
  return ids;
}
