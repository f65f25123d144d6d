import { randomUUID, timingSafeEqual } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FastifyInstance } from 'fastify';
import { announcement, type RunningServer } from './running-server.ts';

const path = '/admin/snapshot';

/** What a server needs to give out copies of its database. */
export type Snapshots = {
  /** Only who has it gets one. */
  readonly token: string;
  /** Writes the database as of now into a new file. */
  take(file: string): Promise<void>;
  readonly workFolder: string;
};

/**
 * Answers `GET /admin/snapshot` with the database as one SQLite file: a server keeps its own file from all other
 * processes.
 */
export function answerSnapshots(app: FastifyInstance, { token, take, workFolder }: Snapshots): void {
  app.get(path, async (request, reply) => {
    if (!isToken(request.headers.authorization, token)) {
      return reply
        .code(403)
        .send({ message: `Only who may read ${announcement} in the home gets a copy of the database.` });
    }
    const file = join(workFolder, `snapshot-${randomUUID()}`);
    try {
      await mkdir(workFolder, { recursive: true });
      await take(file);
      const { size } = await stat(file);
      const content = createReadStream(file).on('close', () => void rm(file, { force: true }));
      return reply.header('content-length', size).type('application/vnd.sqlite3').send(content);
    } catch (error) {
      await rm(file, { force: true });
      return reply.code(503).send({ message: error instanceof Error ? error.message : String(error) });
    }
  });
}

function isToken(header: string | undefined, token: string): boolean {
  const [given, expected] = [Buffer.from(header ?? ''), Buffer.from(`Bearer ${token}`)];
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** Has a running server copy its database into a file. @throws Error with a sentence for a person */
export async function fetchSnapshot({ url, token }: RunningServer, file: string): Promise<void> {
  const answer = await fetch(new URL(path, url), { headers: { authorization: `Bearer ${token}` } });
  if (!answer.ok || !answer.body) {
    const { message }: { message?: string } = JSON.parse((await answer.text().catch(() => '')) || '{}');
    throw new Error(message ?? `The server at ${url} answered ${answer.status}.`);
  }
  await pipeline(Readable.fromWeb(answer.body), createWriteStream(file));
}
