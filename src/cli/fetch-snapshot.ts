import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { RunningServer } from '../edge/running-server.ts';
import { urlOf } from './ask-admin.ts';
import { fetchFromServer } from './fetch-from-server.ts';

/** Has a running server copy its database into a file. @throws Error with a sentence for a person */
export async function fetchSnapshot(server: RunningServer, file: string): Promise<void> {
  const { url, token } = server;
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetchFromServer(server, urlOf(url, 'GetSnapshot'), { headers });
  if (!answer.ok || !answer.body) {
    const { message }: { message?: string } = JSON.parse((await answer.text().catch(() => '')) || '{}');
    throw new Error(message ?? `The server at ${url} answered ${answer.status}.`);
  }
  await pipeline(Readable.fromWeb(answer.body), createWriteStream(file));
}
