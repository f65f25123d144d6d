import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AuditTrail } from '../audit-trail.ts';
import { searchTrail } from '../search-trail.ts';
import { verifyTrail } from '../verify-trail.ts';
import { TrailThread } from './trail-thread.ts';

let parent: string;
let folder: string;
let problems: unknown[];
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'openpersonalize-audit-thread-'));
  folder = join(parent, 'audit');
  problems = [];
});
afterEach(() => rm(parent, { recursive: true, force: true }));

const open = () =>
  new AuditTrail(
    new TrailThread({ plan: () => ({ folder, node: '' }), onError: (_task, error) => void problems.push(error) }),
  );
const recordOf = (name: string) => JSON.stringify({ eventTime: '2026-11-30T12:00:00Z', eventName: name });
async function names() {
  const found: string[] = [];
  for await (const { name } of searchTrail(folder, {})) found.push(name);
  return found;
}

describe('a trail that a thread writes', () => {
  it('has every record in the order in which calls ended, few or many', async () => {
    const trail = open();
    const given = Array.from({ length: 5000 }, (_, n) => `Call${n}é`);
    for (const [n, name] of given.entries()) {
      if (n % 1000 === 0) await trail.commit(recordOf(name));
      else trail.add(recordOf(name));
    }
    await trail.close();
    expect(await names()).toEqual(given);
    expect(await verifyTrail(folder)).toMatchObject([{ records: 5000, problems: [] }]);
  });

  it('takes a record that is longer than what it gathers', async () => {
    const trail = open();
    const long = `Long${'é'.repeat(200_000)}`;
    await trail.commit(recordOf('Short'));
    await trail.commit(recordOf(long));
    await trail.close();
    expect(await names()).toEqual(['Short', long]);
  });

  it('has who waits know why the disk takes nothing, and writes it later', async () => {
    await writeFile(folder, 'in the way');
    const trail = open();
    await expect(trail.commit(recordOf('First'))).rejects.toMatchObject({
      code: expect.stringMatching(/^E[A-Z]+$/),
      syscall: 'mkdir',
    });
    expect(problems).toHaveLength(1);
    await rm(folder);
    await trail.commit(recordOf('Second'));
    await trail.close();
    expect(await names()).toEqual(['First', 'Second']);
  });
});
