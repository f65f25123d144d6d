import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TrailDelivery } from './delivery/trail-delivery.ts';
import { removeOldFiles } from './retention.ts';
import { searchTrail } from './search-trail.ts';
import { TrailWriter } from './trail-writer.ts';
import { verifyTrail } from './verify-trail.ts';

const dayMs = 86_400_000;
const firstDay = Date.UTC(2026, 10, 1, 12);
let folder: string;
let now: number;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openpersonalize-audit-retention-'));
  now = firstDay;
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const writerOf = (node = '') => new TrailWriter({ folder, node, now: () => now, onError: () => {} });

async function write(eventName: string, node = '') {
  const writer = writerOf(node);
  const record = JSON.stringify({ eventTime: new Date(now).toISOString(), eventName });
  await writer.append(new TextEncoder().encode(`${record}\n`), true);
  await writer.close();
}

/** Writes a record on each of so many days, the last of which is today. */
async function writeDays(days: number) {
  for (let day = 0; day < days; day++) {
    now = firstDay + day * dayMs;
    await write(`Day${day + 1}`);
  }
}

async function remove(days: number, requiresDelivery = false) {
  const writer = writerOf();
  const commit = async (record: string) => {
    await writer.append(new TextEncoder().encode(`${record}\n`), true);
  };
  await removeOldFiles({ folder, node: '', days, requiresDelivery, now: () => now, commit });
  await writer.close();
}

const days = async () =>
  (await readdir(folder)).flatMap((name) => /^2026-11-(\d\d)\.jsonl$/.exec(name)?.[1] ?? []).toSorted();

describe('removal of old files', () => {
  it('keeps so many days before today, and leaves a note by which the rest is known to be whole', async () => {
    await writeDays(10);
    await remove(3);
    expect(await days()).toEqual(['07', '08', '09', '10']);
    expect(await verifyTrail(folder)).toMatchObject([
      { first: 7, records: 5, removedThrough: '2026-11-06', problems: [] },
    ]);
    const notes = [];
    for await (const { name, line } of searchTrail(folder, { name: 'RemoveAuditRecords' })) {
      notes.push([name, JSON.parse(line).requestParameters.sequence]);
    }
    expect(notes).toEqual([['RemoveAuditRecords', 6]]);
  });

  it('does so day after day, also when the note of before is removed', async () => {
    await writeDays(5);
    for (let day = 5; day < 15; day++) {
      now = firstDay + day * dayMs;
      await write(`Day${day + 1}`);
      await remove(2);
      expect(await verifyTrail(folder)).toMatchObject([{ files: 3, problems: [] }]);
    }
  });

  it('removes all but its note of a trail that has long been silent, whose chain goes on', async () => {
    await writeDays(2);
    now += 100 * dayMs;
    await remove(30);
    expect(await verifyTrail(folder)).toMatchObject([{ first: 3, records: 1, problems: [] }]);
  });

  it('has a check find a beginning that was removed by others, or beyond the note', async () => {
    await writeDays(10);
    await remove(6);
    await rm(join(folder, '2026-11-04.jsonl'));
    const [chain] = await verifyTrail(folder);
    expect(chain?.problems).toEqual([expect.stringMatching(/^Records 1 to 4 are gone, and no record says/)]);
    expect(await verifyTrail(folder, { moved: true })).toMatchObject([{ problems: [] }]);
  });

  it('removes nothing that is not in the bucket yet, nor what is none of its files', async () => {
    await writeDays(3);
    const written: string[] = [];
    const bucket = { write: async (key: string) => void written.push(key) };
    const origin = { account: '000000000000', region: 'us-east-1' };
    await new TrailDelivery({ folder, node: '', bucket, prefix: '', origin, writtenOf: () => undefined }).run();
    now += dayMs;
    await write('Day4');
    now += 10 * dayMs;
    await writeFile(join(folder, 'notes.txt'), 'of a person');
    await write('Other', 'other-8642');
    now += 10 * dayMs;
    await remove(1, true);
    // That of the third day may have got more since, and that of the fourth is nowhere else.
    expect(await days()).toEqual(['04', '24']);
    expect(await readdir(folder)).toEqual(expect.arrayContaining(['notes.txt', '2026-11-14.other-8642.jsonl']));
  });
});
