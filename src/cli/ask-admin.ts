import { signed } from '../access/signatures/sign.ts';
import { personalizeRules } from '../access/signatures/signed-request.ts';
import { type AdminOperationName, adminOperations, type Input, type Output } from '../contract/operations.ts';
import { announcedServer, type RunningServer } from '../edge/running-server.ts';

/** Where a server is asked, and where its home may be: who may read that needs no access key. */
export type AdminEndpoint = { readonly endpoint: string; readonly home: string };

/**
 * What a running server answers to an admin operation. A server that verifies signatures wants its token, or else those
 * of the access key in the environment.
 *
 * @throws Error with a sentence for a person
 */
export async function askAdmin<O extends AdminOperationName>(
  { endpoint, home }: AdminEndpoint,
  name: O,
  input: Input<O>,
): Promise<Output<O>> {
  const url = urlOf(endpoint, name);
  for (const [member, value] of Object.entries(input)) {
    if (value === undefined) continue;
    url.searchParams.set(member, typeof value === 'object' ? JSON.stringify(value) : String(value));
  }
  return await outputOf<O>(endpoint, fetch(url, { headers: await credentialsFor(url, home) }));
}

/** What the server of a home answers to who may read that home. @throws Error with a sentence for a person */
export async function askAsOperator<O extends AdminOperationName>(
  { url, token }: RunningServer,
  name: O,
  input: Input<O>,
): Promise<Output<O>> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return await outputOf<O>(url, fetch(urlOf(url, name), { method: 'POST', headers, body: JSON.stringify(input) }));
}

async function credentialsFor(url: URL, home: string): Promise<Readonly<Record<string, string>>> {
  const server = await announcedServer(home);
  if (server && new URL(server.url).host === url.host) return { authorization: `Bearer ${server.token}` };
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = process.env;
  if (!accessKeyId || !secretAccessKey) return {};
  const request = { method: 'GET', url: url.pathname + url.search, body: Buffer.of(), headers: { host: url.host } };
  const region = process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? 'us-east-1';
  const sessionToken = process.env.AWS_SESSION_TOKEN;
  const credentials = { accessKeyId, secretAccessKey, sessionToken };
  const { host: _, ...headers } = signed(request, credentials, { region, rules: personalizeRules, at: Date.now() });
  return headers;
}

async function outputOf<O extends AdminOperationName>(endpoint: string, asked: Promise<Response>): Promise<Output<O>> {
  const answer = await asked.catch((error: unknown) => {
    throw new Error(`No server answers at ${endpoint}: start it, or name another with --endpoint.`, { cause: error });
  });
  // What the server of the same release answers; nothing where the output has no members.
  if (answer.ok) return JSON.parse((await answer.text()) || '{}') as Output<O>;
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
