import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileIn, passingKey } from '../../data/encryption/file-path.ts';
import { openFile } from '../../data/encryption/file-reading.ts';
import { answerRange, answerRanges } from './answer-ranges.ts';
import { type LineRange, partOf } from './batch-tasks.ts';
import type { ScoreLines } from './line.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lines-'));
});
afterAll(() => rm(folder, { recursive: true }));

const lineBytes = 60;

/** Gives back where a line is, or an error for some. */
const score: ScoreLines = async (lines) =>
  lines.map(({ input, file, offset }) =>
    input.bad === true ? { error: 'A "bad" line.' } : { output: JSON.stringify([file, offset]) },
  );

async function written(content: Uint8Array | string): Promise<string> {
  const path = join(folder, 'lines');
  await writeFile(path, content);
  return path;
}

const bytesOf = (content: Uint8Array | string) => Buffer.from(content).length;

/** The output of a file that is cut at some positions. */
async function outputOf(content: Uint8Array | string, cuts: readonly number[] = [], scoreLines = score) {
  const path = await written(content);
  const bounds = [0, ...cuts.toSorted((one, other) => one - other), bytesOf(content)];
  let [text, lines, failed] = ['', 0, 0];
  for (const [n, end] of bounds.slice(1).entries()) {
    const range = { name: '000000', file: 3, path, begin: bounds[n] ?? 0, end };
    const counts = await answerRange(range, lineBytes, scoreLines, async (piece) => {
      text += piece;
    });
    lines += counts.lines;
    failed += counts.failed;
  }
  return { text, lines, failed };
}

const outputLines = async (content: Uint8Array | string, cuts?: readonly number[]) =>
  (await outputOf(content, cuts)).text.split('\n').slice(0, -1);

/** Pieces of files that bring out what differs: ends of lines, marks, blanks, cut characters, long lines. */
const piece = fc.oneof(
  fc.constantFrom('\n', '\r\n', '\r', ' ', '\t', '\uFEFF', '{"userId":"u7"}', '{"bad":true}', '[1]', '{', 'é', '😀'),
  fc.constantFrom(Uint8Array.of(0xff), Uint8Array.of(0xf0, 0x9f), Uint8Array.of(0), 'x'.repeat(lineBytes + 5)),
  fc.string({ maxLength: 20 }),
);
const content = fc
  .tuple(fc.boolean(), fc.array(piece, { maxLength: 40 }))
  .map(([marked, pieces]) =>
    Buffer.concat([...(marked ? ['\uFEFF'] : []), ...pieces].map((each) => Buffer.from(each))),
  );

describe('a file in ranges', () => {
  it('has the output of the whole file, however it is cut', async () => {
    const cutContent = content.chain((bytes) =>
      fc.tuple(fc.constant(bytes), fc.array(fc.nat({ max: bytes.length }), { maxLength: 8 })),
    );
    await fc.assert(
      fc.asyncProperty(cutContent, async ([bytes, cuts]) => {
        expect(await outputOf(bytes, cuts)).toEqual(await outputOf(bytes));
      }),
      { numRuns: 300 },
    );
  });

  it('has one line of JSON for each line that is not blank, in order', async () => {
    await fc.assert(
      fc.asyncProperty(content, async (bytes) => {
        const text = bytes.subarray(bytes.indexOf('\uFEFF') === 0 ? 3 : 0).toString('latin1');
        const expected = text.split('\n').filter((line) => /[^ \t\r]/.test(line));
        const { text: output, lines, failed } = await outputOf(bytes);
        const read = output.split('\n').slice(0, -1);
        expect(read).toHaveLength(expected.length);
        expect(lines).toBe(expected.length);
        const outputs = read.map((line) => JSON.parse(line));
        expect(outputs.filter(({ error }) => error !== null)).toHaveLength(failed);
        for (const each of outputs) {
          expect(Object.keys(each)).toEqual(['input', 'output', 'error']);
          expect(each.output === null).toBe(each.error !== null);
        }
        const offsets = outputs.flatMap(({ output: found }) => (found ? [found[1]] : []));
        expect(offsets).toEqual(offsets.toSorted((one, other) => one - other));
      }),
      { numRuns: 300 },
    );
  });
});

it('reads lines that lie across what is read at a time', async () => {
  const lines = Array.from({ length: 40_000 }, (_, n) => `{"userId":"${'u'.repeat(n % 37)}"}`);
  const whole = await outputOf(lines.join('\n'));
  expect(whole).toMatchObject({ lines: 40_000, failed: 0 });
  const chunk = 2 ** 18;
  const cuts = [chunk - 1, chunk, chunk + 1, 3 * chunk];
  expect(await outputOf(lines.join('\n'), cuts)).toEqual(whole);
});

describe('a line', () => {
  it('is echoed as it is, without the blanks around it', async () => {
    expect(await outputLines(' {"userId": "ü", "n":1.50}\r\n\n{"userId":"u8"}')).toEqual([
      '{"input":{"userId": "ü", "n":1.50},"output":[3,0],"error":null}',
      '{"input":{"userId":"u8"},"output":[3,30],"error":null}',
    ]);
  });

  it('may follow a byte order mark, at the beginning of a file only', async () => {
    expect(await outputLines('\uFEFF{"userId":"u7"}\n\uFEFF{"userId":"u7"}\n')).toEqual([
      '{"input":{"userId":"u7"},"output":[3,0],"error":null}',
      expect.stringContaining('"output":null,"error":"The line is not JSON: '),
    ]);
    expect(await outputLines('\uFEFF')).toEqual([]);
  });

  it('that cannot be read is an error, and the others are answered', async () => {
    const bad = Buffer.concat([Buffer.from('{"userId":"'), Uint8Array.of(0xff), Buffer.from('"}\n')]);
    const lines = await outputLines(Buffer.concat([bad, Buffer.from('{"a"\n[7]\n{"bad":true}\n{"userId":"u7"}')]));
    expect(lines).toEqual([
      '{"input":"{\\"userId\\":\\"\uFFFD\\"}","output":null,"error":"The line is not UTF-8."}',
      expect.stringMatching(/^\{"input":"\{\\"a\\"","output":null,"error":"The line is not JSON: .*\."\}$/),
      '{"input":[7],"output":null,"error":"The line must be a JSON object, such as {\\"userId\\":\\"u7\\"}."}',
      '{"input":{"bad":true},"output":null,"error":"A \\"bad\\" line."}',
      '{"input":{"userId":"u7"},"output":[3,37],"error":null}',
    ]);
  });

  it('that is too long is an error that shows its beginning', async () => {
    const [exact, longer] = [lineBytes, lineBytes + 1].map((length) => `{"userId":"${'u'.repeat(length - 13)}"}`);
    const lines = await outputLines(`\uFEFF${exact}\r\n${longer}\n{"userId":"u7"}`);
    expect(lines).toEqual([
      expect.stringMatching(/"error":null\}$/),
      `{"input":${JSON.stringify(`${longer}…`)},"output":null,"error":"The line has more than 60 bytes, which is the most; divide it."}`,
      expect.stringMatching(/"error":null\}$/),
    ]);
  });

  it('of 50 MB takes little memory, and those around it are answered', async () => {
    const path = join(folder, 'long');
    const file = await open(path, 'w');
    await file.write('{"userId":"u7"}\n{"userId":"');
    for (let n = 0; n < 50; n++) await file.write('u'.repeat(1_000_000));
    await file.write('"}\n{"userId":"u8"}\n');
    const { size } = await file.stat();
    await file.close();
    let most = 0;
    const before = process.memoryUsage().arrayBuffers;
    let text = '';
    const range = { name: '000000', file: 0, path, begin: 0, end: size };
    const look = setInterval(() => {
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    });
    await answerRange(range, 1_000_000, score, async (added) => {
      text += added;
    });
    clearInterval(look);
    expect(text.split('\n').map((line) => line.slice(-60))).toEqual([
      expect.stringContaining('"error":null}'),
      expect.stringContaining('more than 1000000 bytes'),
      expect.stringContaining('"error":null}'),
      '',
    ]);
    expect(text.length).toBeLessThan(2000);
    expect(most).toBeLessThan(25_000_000);
    await rm(path);
  });

  it('gets an output that comes in pieces', async () => {
    async function* pieces() {
      yield '{"usersList":["u1"';
      yield ',"u2"]}';
    }
    const { text } = await outputOf('{"a":1}\n{"a":2}\n', [], async (lines) =>
      lines.map(() => ({ outputPieces: pieces() })),
    );
    expect(text).toBe(
      '{"input":{"a":1},"output":{"usersList":["u1","u2"]},"error":null}\n' +
        '{"input":{"a":2},"output":{"usersList":["u1","u2"]},"error":null}\n',
    );
  });
});

describe('the ranges of a task', () => {
  const range = (n: number, begin: number, end: number): LineRange => {
    return { name: String(n).padStart(6, '0'), file: 0, path: join(folder, 'lines'), begin, end };
  };

  async function partsOf(made: string | { readonly path: string; readonly key: string }) {
    await written('{"a":1}\n{"bad":true}\n{"a":2}\n');
    const parts = new Map<string, string>();
    const fractions: number[] = [];
    const task = {
      ranges: [range(7, 0, 9), range(9, 9, 29)],
      folder: made,
      temporaryFolder: join(folder, 'spilled'),
      model: '',
      count: 1,
      startedAt: 0,
      seed: 0,
      limits: { lineBytes },
    };
    const tools = {
      progress: { report: (fraction: number) => fractions.push(fraction), signal: new AbortController().signal },
      async offerCheckpoint(name: string, path: string) {
        parts.set(name, path);
      },
    };
    await answerRanges(task, score, tools);
    expect(fractions).toEqual([9 / 29, 1]);
    return parts;
  }

  it('are offered one by one, under names that say how many lines they have and how many failed', async () => {
    const made = await mkdtemp(join(folder, 'made-'));
    const parts = await partsOf(made);
    expect([...parts.keys()].map(partOf)).toEqual([
      { range: '000007', lines: 2, failed: 1 },
      { range: '000009', lines: 1, failed: 0 },
    ]);
    const texts = await Promise.all([...parts.values()].map((path) => readFile(path, 'utf8')));
    expect(texts.join('')).toBe((await outputOf('{"a":1}\n{"bad":true}\n{"a":2}\n')).text.replaceAll('[3,', '[0,'));
  });

  it('are sealed where their folder is, each with the key of its name', async () => {
    const key = passingKey();
    const made = { path: await mkdtemp(join(folder, 'sealed-')), key };
    const parts = await partsOf(made);
    for (const [name, path] of parts) {
      expect((await readFile(path)).includes('input')).toBe(false);
      await using file = await openFile(fileIn(made, name));
      const text = Buffer.alloc(file.size);
      await file.read(text, 0);
      expect(text.toString()).toContain('{"input":{"a":');
    }
  });
});

it('a name that is not that of a part is none', () => {
  expect(partOf('000001.5.0.jsonl')).toEqual({ range: '000001', lines: 5, failed: 0 });
  expect(['open', '1.5.0.jsonl', '000001.5.0.jsonl.part', '000001.x.0.jsonl'].map(partOf)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
