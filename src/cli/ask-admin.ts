import { type AdminOperationName, adminOperations, type Input, type Output } from '../contract/operations.ts';

/**
 * What a running server answers to an admin operation.
 *
 * @throws Error with a sentence for a person
 */
export async function askAdmin<O extends AdminOperationName>(
  endpoint: string,
  name: O,
  input: Input<O>,
): Promise<Output<O>> {
  const url = urlOf(endpoint, name);
  for (const [member, value] of Object.entries(input)) {
    if (value === undefined) continue;
    url.searchParams.set(member, typeof value === 'object' ? JSON.stringify(value) : String(value));
  }
  const answer = await fetch(url).catch((error: unknown) => {
    throw new Error(`No server answers at ${endpoint}: start it, or name another with --endpoint.`, { cause: error });
  });
  if (answer.ok) return (await answer.json()) as Output<O>; // what the server of the same release answers
  const problem: unknown = await answer.json().catch(() => undefined);
  const message = typeof problem === 'object' && problem !== null && 'message' in problem ? problem.message : undefined;
  throw new Error(typeof message === 'string' ? message : `The server at ${endpoint} answered ${answer.status}.`);
}

export const urlOf = (endpoint: string, name: AdminOperationName): URL =>
  new URL(adminOperations[name].path ?? '/', endpoint);

/** `2026-11-21 14:05:09`; a time that no calendar has as the number that it is. */
export function timeOf(milliseconds: number): string {
  const date = new Date(milliseconds);
  if (Number.isNaN(date.getTime())) return String(milliseconds / 1000);
  return date.toISOString().slice(0, 19).replace('T', ' ');
}
