/**
 * What a running server answers to a question of its admin paths.
 *
 * @throws Error with a sentence for a person
 */
export async function askAdmin(
  endpoint: string,
  path: string,
  query: Readonly<Record<string, string | undefined>>,
): Promise<unknown> {
  const url = new URL(path, endpoint);
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
  const answer = await fetch(url).catch((error: unknown) => {
    throw new Error(`No server answers at ${endpoint}: start it, or name another with --endpoint.`, { cause: error });
  });
  if (answer.ok) return await answer.json();
  const problem: unknown = await answer.json().catch(() => undefined);
  const message = typeof problem === 'object' && problem !== null && 'message' in problem ? problem.message : undefined;
  throw new Error(typeof message === 'string' ? message : `The server at ${endpoint} answered ${answer.status}.`);
}

/** `2026-11-21 14:05:09`; a time that no calendar has as the number that it is. */
export function timeOf(milliseconds: number): string {
  const date = new Date(milliseconds);
  if (Number.isNaN(date.getTime())) return String(milliseconds / 1000);
  return date.toISOString().slice(0, 19).replace('T', ' ');
}
