import { signed } from '../access/signatures/sign.ts';
import { personalizeRules } from '../access/signatures/signed-request.ts';
import { type AdminOperationName, adminOperations, type Input, type Output } from '../contract/operations.ts';
import { announcedServer, type RunningServer } from '../edge/running-server.ts';
import { fetchFromServer } from './fetch-from-server.ts';
import { defaultEndpoint } from './options/tool-options.ts';

/**
 * Where a server is asked, and where its home may be: who may read that needs no access key, and no endpoint while the
 * server runs.
 */
export type AdminEndpoint = { readonly endpoint?: string | undefined; readonly home: string };

/**
 * What a running server answers to an admin operation. A server that verifies signatures wants its token, or else those
 * of the access key in the environment.
 *
 * @throws Error with a sentence for a person
 */
export async function askAdmin<O extends AdminOperationName>(
  { endpoint: asked, home }: AdminEndpoint,
  name: O,
  input: Input<O>,
): Promise<Output<O>> {
  const server = await announcedServer(home);
  const endpoint = asked ?? server?.url ?? defaultEndpoint;
  const url = urlOf(endpoint, name);
  for (const [member, value] of Object.entries(input)) {
    if (value === undefined) continue;
    url.searchParams.set(member, typeof value === 'object' ? JSON.stringify(value) : String(value));
  }
  if (server === undefined || new URL(server.url).host !== url.host) {
    return await outputOf<O>(endpoint, fetch(url, { headers: signatureFor(url) }));
  }
  url.protocol = new URL(server.url).protocol;
  const headers = { authorization: `Bearer ${server.token}` };
  return await outputOf<O>(endpoint, fetchFromServer(server, url, { headers }));
}

/** What the server of a home answers to who may read that home. @throws Error with a sentence for a person */
export async function askAsOperator<O extends AdminOperationName>(
  server: RunningServer,
  name: O,
  input: Input<O>,
): Promise<Output<O>> {
  const { url, token } = server;
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const asked = { method: 'POST', headers, body: JSON.stringify(input) };
  return await outputOf<O>(url, fetchFromServer(server, urlOf(url, name), asked));
}

function signatureFor(url: URL): Readonly<Record<string, string>> {
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
