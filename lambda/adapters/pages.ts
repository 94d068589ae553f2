/** All items of a list that AWS gives page by page. `read` gets the token of the page, and returns its items and the next token. */
export async function allPages<T>(
  read: (token: string | undefined) => Promise<{ readonly items: readonly T[] | undefined; readonly next: string | undefined }>,
): Promise<readonly T[]> {
  const all: T[] = [];
  let token: string | undefined;
  do {
    const { items, next } = await read(token);
    all.push(...(items ?? []));
    // Some services end with an empty token.
    token = next === '' ? undefined : next;
  } while (token !== undefined);
  return all;
}
