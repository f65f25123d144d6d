import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { s3Client } from '../../src/data/objects/s3-store.ts';
import { announcement } from './announcement.ts';
import { pythonEnvironment } from './python.ts';

/** An S3 server that lives in memory, open to any credentials. */
export type Moto = { readonly url: string; createBucket(name: string): Promise<void>; stop(): Promise<void> };

/**
 * Starts moto's S3 server on a free port, and gives this process credentials for it.
 * Where Python is missing: undefined and a notice, and an error in CI.
 */
export async function startMoto(): Promise<Moto | undefined> {
  const environment = await pythonEnvironment('moto', join(import.meta.dirname, 'moto.txt'));
  if (!environment) return undefined;
  process.env.AWS_ACCESS_KEY_ID = 'test';
  process.env.AWS_SECRET_ACCESS_KEY = 'test';
  const options = ['-m', 'moto.server', '-H', '127.0.0.1', '-p', '0'];
  const server = spawn(environment.python, options, { stdio: ['ignore', 'ignore', 'pipe'] });
  const exit = once(server, 'exit');
  const url = await announcement(server.stderr, /http:\/\/127\.0\.0\.1:\d+/);
  return {
    url,
    async createBucket(name) {
      await s3Client(url).send(new CreateBucketCommand({ Bucket: name }));
    },
    async stop() {
      server.kill();
      await exit;
    },
  };
}
