import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openDuckDb, sqlString } from '../../engine/duckdb.ts';
import { fillFromFiles } from './fill.ts';
import { LiveHistories } from './live-histories.ts';

const fields = [{ name: 'DEVICE', type: 'string', nullable: true, categorical: true, textual: false }] as const;

type Row = readonly [session: string, user: string | null, item: string, time: number, device?: string];

it('reads what came after a training, and of what came before the sessions without a user, out of many files', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fill-'));
  try {
    using duckDb = await openDuckDb({ memoryBytes: 2 ** 28, temporaryFolder: folder });
    /** Events that came at their time, by the hour, as one file; of an earlier schema where none has a device. */
    const file = async (through: number, ...rows: Row[]) => {
      const path = join(folder, `${through}.parquet`);
      const selects = rows.map(
        ([
          session,
          user,
          item,
          time,
          device,
        ]) => `SELECT ${sqlString(session)} AS "$SESSION_ID", NULL::VARCHAR AS "$EVENT_ID",
          ${time * 3_600_000}::BIGINT AS "$RECEIVED_AT", ${user === null ? 'NULL' : sqlString(user)}::VARCHAR AS USER_ID,
          ${sqlString(item)} AS ITEM_ID, ${time * 3600}::BIGINT AS TIMESTAMP, 'watch' AS EVENT_TYPE, NULL::FLOAT AS EVENT_VALUE
          ${device === undefined ? '' : `, ${sqlString(device)} AS DEVICE`}`,
      );
      await duckDb.run(`COPY (${selects.join(' UNION ALL ')}) TO ${sqlString(path)} (FORMAT parquet)`);
      return { path, through };
    };
    const files = [
      await file(2, ['long ago', null, 'a', 1], ['alone', null, 'b', 10]),
      await file(4, ['early', null, 'c', 11], ['trained', null, 'd', 12]),
      await file(6, ['trained', 'u1', 'e', 13], ['alone', null, 'f', 14]),
      await file(8, ['alone', 'u2', 'g', 15], ['trained', null, 'h', 16]),
      await file(9, ['early', null, 'i', 17, 'tv'], ['trained', 'u3', 'j', 18, 'phone']),
      await file(12, ['early', 'u4', 'k', 19, 'phone']),
    ];
    const histories = new LiveHistories({ schema: { fields }, fields, limit: 10, after: 6 });
    const { signal } = new AbortController();
    await fillFromFiles(histories, {
      files,
      sessionsSince: 10 * 3_600_000,
      signal,
      temporaryFolder: join(folder, 'spilled'),
    });
    const of = (id: string) => {
      const { user, session } = histories.find(id, { after: 6, events: [] });
      const { items, columns } = (user ?? session)?.recent ?? {};
      return [items?.join(' '), columns?.get('DEVICE')?.join(' ')];
    };
    expect(of('u1')).toEqual(['h', '']);
    expect(of('u2')).toEqual(['b f g', '  ']);
    expect(of('u3')).toEqual(['j', 'phone']);
    expect(of('u4')).toEqual(['c i k', ' tv phone']);
    expect(of('long ago')).toEqual([undefined, undefined]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
