import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AuditTrail } from './audit-trail.ts';
import { type Link, LinkedLines, linkOf } from './chain.ts';
import { searchTrail } from './search-trail.ts';
import { TrailWriter } from './trail-writer.ts';
import { verifyTrail } from './verify-trail.ts';

let folder: string;
let now: number;
let errors: unknown[];
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'openpersonalize-audit-')), 'audit');
  now = Date.UTC(2026, 10, 30, 12);
  errors = [];
});
afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }));

const open = (node = '') =>
  new AuditTrail(new TrailWriter({ folder, node, now: () => now, onError: (error) => errors.push(error) }));
const recordOf = (n: number) => JSON.stringify({ eventTime: new Date(now).toISOString(), eventName: `Call${n}` });

/** Has a trail of its own write these and end. */
async function write(...numbers: readonly number[]) {
  const trail = open();
  await Promise.all(numbers.map((n) => trail.commit(recordOf(n))));
  await trail.close();
}

function lineAfter(link: Link, record: string): string {
  const lines = new LinkedLines();
  lines.begin(link);
  lines.addAll(Buffer.from(`${record}\n`));
  return lines.bytes.toString().trimEnd();
}

const fileOf = (day = '2026-11-30') => join(folder, `${day}.jsonl`);
const linesIn = async (path = fileOf()) => (await readFile(path, 'utf8')).trimEnd().split('\n');
async function names() {
  const found: string[] = [];
  for await (const { name } of searchTrail(folder, {})) found.push(name);
  return found;
}
async function verified() {
  const [chain] = await verifyTrail(folder);
  if (!chain) throw new Error('There is no chain.');
  return chain;
}

describe('the audit trail', () => {
  it('goes on in the same chain after a restart and over days', async () => {
    await write(1, 2);
    now += 86_400_000;
    await write(3);
    await write(4);
    expect(await readdir(folder)).toEqual(['2026-11-30.jsonl', '2026-12-01.jsonl']);
    expect(await verified()).toMatchObject({ files: 2, records: 4, first: 1, torn: 0, problems: [] });
    expect(await names()).toEqual(['Call1', 'Call2', 'Call3', 'Call4']);
  });

  it('turns to another file at midnight, and not back when the clock goes back', async () => {
    const trail = open();
    await trail.commit(recordOf(1));
    now += 86_400_000;
    await trail.commit(recordOf(2));
    now -= 86_400_000;
    await trail.commit(recordOf(3));
    await trail.close();
    await write(4);
    expect((await linesIn(fileOf('2026-12-01'))).length).toBe(3);
    expect((await verified()).problems).toEqual([]);
  });

  it('has records that nobody waits for written with the next one, in order, and at the end', async () => {
    const trail = open();
    for (const n of [1, 2, 3]) trail.add(recordOf(n));
    await trail.commit(recordOf(4));
    expect(await names()).toEqual(['Call1', 'Call2', 'Call3', 'Call4']);
    trail.add(recordOf(5));
    await trail.close();
    expect(await names()).toHaveLength(5);
    expect((await verified()).problems).toEqual([]);
  });

  it('keeps a chain for each node', async () => {
    for (const node of ['a-1', 'b-2']) {
      const trail = open(node);
      await trail.commit(recordOf(1));
      await trail.close();
    }
    expect(await verifyTrail(folder)).toMatchObject([
      { node: 'a-1', records: 1, problems: [] },
      { node: 'b-2', records: 1, problems: [] },
    ]);
  });

  it('goes on after a line that was cut anywhere', async () => {
    await write(1, 2, 3);
    const whole = await readFile(fileOf());
    const [first = '', second = ''] = await linesIn();
    const begun = Buffer.byteLength(`${first}\n${second}\n`);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: begun + 1, max: whole.length - 2 }), async (length) => {
        await writeFile(fileOf(), whole.subarray(0, length));
        await write(4, 5);
        expect(await verified()).toMatchObject({ records: 4, torn: 1, problems: [] });
        expect(await names()).toEqual(['Call1', 'Call2', 'Call4', 'Call5']);
      }),
      { numRuns: 20 },
    );
  });

  it('takes a last line that lacks its end alone for whole', async () => {
    await write(1);
    await writeFile(fileOf(), (await readFile(fileOf(), 'utf8')).trimEnd());
    await write(2);
    expect(await verified()).toMatchObject({ records: 2, torn: 0, problems: [] });
  });

  it('fails those who wait while it cannot be written, and writes what they did once it can', async () => {
    await writeFile(folder, 'in the way');
    const trail = open();
    await expect(trail.commit(recordOf(1))).rejects.toThrow(/EEXIST|ENOTDIR/);
    expect(errors).toHaveLength(1);
    await rm(folder);
    await trail.commit(recordOf(2));
    await trail.close();
    expect(await names()).toEqual(['Call1', 'Call2']);
    expect((await verified()).problems).toEqual([]);
  });
});

describe('a check of the trail', () => {
  beforeEach(() => write(1, 2, 3, 4, 5, 6));

  const change = async (changed: (lines: string[]) => string[]) =>
    await writeFile(fileOf(), `${changed(await linesIn()).join('\n')}\n`);

  it.each<[string, (lines: string[]) => string[], RegExp]>([
    ['an altered record', (lines) => lines.with(2, lines[2]?.replace('Call3', 'CallX') ?? ''), /:3: not as written/],
    ['an altered last record', (lines) => lines.with(5, lines[5]?.replace('Call6', 'CallX') ?? ''), /:6 is no record/],
    ['removed records', (lines) => lines.toSpliced(2, 2), /:3: records 3 to 4 are missing before this one, 5\./],
    ['records removed from the start', (lines) => ['{}', ...lines.slice(2)], /:1: not as written/],
    ['swapped records', (lines) => lines.with(1, lines[2] ?? '').with(2, lines[1] ?? ''), /record 2 stands after/],
    ['a repeated record', (lines) => lines.toSpliced(3, 0, lines[2] ?? ''), /record 3 stands after record 3/],
  ])('finds %s', async (_, changed, problem) => {
    await change(changed);
    expect((await verified()).problems.join('\n')).toMatch(problem);
  });

  it('finds a record that was replaced by another with a hash of its own', async () => {
    const second = linkOf((await linesIn())[1] ?? '');
    if (!second) throw new Error('There is no second record.');
    await change((lines) => lines.with(2, lineAfter(second, '{"eventName":"CallX"}')));
    expect((await verified()).problems.join()).toMatch(/:4: record 4 does not follow .* which was replaced/);
  });

  it('finds any one change of a line', async () => {
    const lines = await linesIn();
    const place = fc
      .nat({ max: lines.length - 1 })
      .chain((line) => fc.tuple(fc.constant(line), fc.nat({ max: (lines[line] ?? '').length - 1 })));
    await fc.assert(
      fc.asyncProperty(place, fc.constantFrom('x', '0', '"', ' '), async ([number, at], character) => {
        const line = lines[number] ?? '';
        fc.pre(line[at] !== character);
        const altered = lines.with(number, line.slice(0, at) + character + line.slice(at + 1));
        await writeFile(fileOf(), `${altered.join('\n')}\n`);
        expect((await verified()).problems).not.toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it('finds days that are gone, at the beginning and between two others', async () => {
    for (const n of [7, 8]) {
      now += 86_400_000;
      await write(n);
    }
    await rm(fileOf());
    expect((await verified()).problems).toEqual([expect.stringMatching(/^Records 1 to 6 are gone/)]);
    now += 86_400_000;
    await write(9);
    await rm(fileOf('2026-12-02'));
    expect((await verified()).problems.join()).toMatch(/records 8 to 8 are missing/);
  });

  it('does not take a line that is being written for a problem', async () => {
    await appendFile(fileOf(), '{"eventVersion":');
    expect(await verified()).toMatchObject({ records: 6, torn: 1, problems: [] });
  });
});
