/** Whether a request brings several messages at once. */
export async function isBatch(request: Request): Promise<boolean> {
  return request.method === "POST" && /^\s*\[/.test(await request.clone().text());
}

/** What a request sends, as JSON; undefined where it is none. */
export async function bodyOf(request: Request): Promise<unknown> {
  return request
    .clone()
    .json()
    .catch(() => undefined);
}

/** What a request asks for. */
export async function methodOf(request: Request): Promise<unknown> {
  return ((await bodyOf(request)) as { readonly method?: unknown } | undefined)?.method;
}
