import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, HeadBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { writeCsv } from '../../src/quickstart/csv.ts';
import type { Table } from '../world/world.ts';
import type { Service } from './service.ts';

/** Puts a table into the bucket as a CSV file. @returns where it is */
export async function upload({ s3, bucket }: Service, key: string, { header, rows }: Table): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'openpersonalize-demo-'));
  try {
    const file = join(folder, 'table.csv');
    await writeCsv(file, header, rows);
    await ensureBucket(s3, bucket);
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: await readFile(file) }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return `s3://${bucket}/${key}`;
}

async function ensureBucket(s3: Service['s3'], bucket: string): Promise<void> {
  try {
    await s3.send(new HeadBucketCommand({ Bucket: bucket }));
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'NotFound') throw error;
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  }
}
