import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { startS3 } from './s3.fixture.ts';
import { readXml, textOf } from './xml-reader.ts';

it('begins the answer of a copy that takes long, and ends it with what has become of it', async () => {
  // A call is not at its end before it is recorded.
  await using s3 = await startS3(() => ({ patienceMs: 0, audit: () => setTimeout(100) }));
  await s3.ask('PUT', '/mine');
  await s3.ask('PUT', '/mine/a', { body: 'hello' });
  const copy = (source: string) => s3.ask('PUT', '/mine/b', { headers: { 'x-amz-copy-source': source } });
  const done = await copy('/mine/a');
  expect(done.status).toBe(200);
  expect(done.body).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>\n *<CopyObjectResult/);
  expect(textOf(readXml(done.body), 'ETag')).toBe('"5d41402abc4b2a76b9719d911017c592"');
  const failed = await copy('/mine/nothing');
  expect(failed.status).toBe(200);
  expect(textOf(readXml(failed.body), 'Code')).toBe('NoSuchKey');
  expect((await s3.ask('GET', '/mine/b')).body).toBe('hello');
});
