import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ObjectStoreError } from '../../../data/objects/object-store.ts';
import { TrailWriter } from '../trail-writer.ts';
import { TrailDelivery } from './trail-delivery.ts';

let folder: string;
let now: number;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openpersonalize-audit-delivery-'));
  now = Date.UTC(2026, 10, 30, 12);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

type Facts = Readonly<Record<string, unknown>>;

/** A bucket that takes so many objects before it is away. */
function bucketOf(most = Number.POSITIVE_INFINITY) {
  const objects = new Map<string, string>();
  let left = most;
  return {
    objects,
    async write(key: string, content: unknown) {
      if (left-- <= 0) throw new ObjectStoreError('unreachable', 'The bucket is away.');
      objects.set(key, gunzipSync(content instanceof Uint8Array ? content : '').toString());
    },
    /** The names of the calls in all objects. */
    names: () => [...objects.values()].flatMap((text) => JSON.parse(text).Records.map((each: Facts) => each.eventName)),
  };
}

async function write(names: readonly string[], facts: Facts = {}, node = '') {
  const writer = new TrailWriter({ folder, node, now: () => now, onError: () => {} });
  const known = { eventTime: new Date(now).toISOString(), recipientAccountId: '111122223333', awsRegion: 'eu-west-1' };
  const records = names.map((eventName) => `${JSON.stringify({ eventName, ...known, ...facts })}\n`).join('');
  await writer.append(new TextEncoder().encode(records), true);
  await writer.close();
}

const deliveryTo = (bucket: Pick<ReturnType<typeof bucketOf>, 'write'>) =>
  new TrailDelivery({
    ...{ folder, node: '', bucket, prefix: 'trails/' },
    origin: { account: '000000000000', region: 'us-east-1' },
    writtenOf: () => undefined,
  });

describe('the delivery of the trail', () => {
  it('lays records out as CloudTrail does, for each account, region and day', async () => {
    await write(['A', 'B']);
    await write(['C'], { recipientAccountId: '444455556666', awsRegion: 'us-west-2' });
    await write(['D'], { recipientAccountId: null, awsRegion: null });
    now += 86_400_000;
    await write(['E']);
    const bucket = bucketOf();
    await deliveryTo(bucket).run();
    const found = [...bucket.objects].map(([key, text]) => [
      key.replace(/_[\dA-F]{16}\.json\.gz$/, ''),
      JSON.parse(text)
        .Records.map((each: Facts) => each.eventName)
        .join(''),
    ]);
    const at = (account: string, region: string, day: string) =>
      `trails/AWSLogs/${account}/CloudTrail/${region}/2026/${day}/${account}_CloudTrail_${region}_2026${day.replace('/', '')}T1200Z`;
    expect(Object.fromEntries(found)).toEqual({
      [at('111122223333', 'eu-west-1', '11/30')]: 'AB',
      [at('444455556666', 'us-west-2', '11/30')]: 'C',
      [at('000000000000', 'us-east-1', '11/30')]: 'D',
      [at('111122223333', 'eu-west-1', '12/01')]: 'E',
    });
  });

  it('delivers every record once, wherever it was interrupted', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ records: fc.integer({ min: 1, max: 5 }), away: fc.integer({ min: 0, max: 3 }) }), {
          minLength: 1,
          maxLength: 6,
        }),
        async (rounds) => {
          await rm(folder, { recursive: true, force: true });
          const all = bucketOf();
          const given: string[] = [];
          for (const { records, away } of rounds) {
            const names = Array.from({ length: records }, (_, n) => `Call${given.length + n}`);
            given.push(...names);
            await write(names, { awsRegion: `eu-west-${given.length % 3}` });
            // A kill: the object is there, and nobody has noted it.
            let left = away;
            const killed = {
              async write(key: string, content: unknown) {
                if (left-- <= 0) throw new Error('Killed.');
                await all.write(key, content);
                if (left === 0) throw new Error('Killed.');
              },
            };
            await deliveryTo(killed)
              .run()
              .catch(() => {});
          }
          await deliveryTo(all).run();
          expect(all.names().toSorted()).toEqual(given.toSorted());
        },
      ),
      { numRuns: 30 },
    );
  });

  it('goes on where it was when the bucket is back', async () => {
    await write(['A']);
    const bucket = bucketOf(1);
    await deliveryTo(bucket).run();
    await write(['B']);
    await expect(deliveryTo(bucket).run()).rejects.toThrow('The bucket is away.');
    const back = bucketOf();
    await deliveryTo(back).run();
    expect([bucket.names(), back.names()]).toEqual([['A'], ['B']]);
  });

  it('leaves out a line that a kill has torn, and what other servers write', async () => {
    await write(['A']);
    await appendFile(join(folder, '2026-11-30.jsonl'), '{"eventName":"Torn"');
    await deliveryTo(bucketOf()).run();
    await write(['B']);
    await write(['Other'], {}, 'other-8642');
    await write(['Command'], {}, 'machine-command-77');
    const bucket = bucketOf();
    await deliveryTo(bucket).run();
    expect(bucket.names().toSorted()).toEqual(['B', 'Command']);
  });

  it('makes no folder for what strangers claim', async () => {
    await write(['A'], { awsRegion: 'made-up-1', errorCode: 'X', userIdentity: { type: 'Unknown' } });
    await write(['B'], { recipientAccountId: '../../etc', awsRegion: '../..' });
    const bucket = bucketOf();
    await deliveryTo(bucket).run();
    for (const key of bucket.objects.keys()) {
      expect(key).toMatch(/^trails\/AWSLogs\/\d{12}\/CloudTrail\/us-east-1\/2026\/11\/30\/[\w-]+\.json\.gz$/);
    }
  });

  it('delivers a trail that is longer than a batch', async () => {
    const long = 'x'.repeat(700_000);
    await write(['A', 'B', 'C', 'D'], { userAgent: long });
    const bucket = bucketOf();
    await deliveryTo(bucket).run();
    expect([bucket.names(), bucket.objects.size]).toEqual([['A', 'B', 'C', 'D'], 4]);
  });
});
