import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FilePath, fileIn, passingKey, pathOf } from './file-path.ts';
import { openFile, readWhole } from './file-reading.ts';
import { createFile, writeWhole } from './file-writing.ts';
import { openStream } from './open-stream.ts';
import { chunkBytes, headerBytes, sealedChunkBytes } from './sealed-chunks.ts';
import { SealedError } from './sealed-error.ts';

let folder: string;
let files = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealed-'));
});
afterAll(() => rm(folder, { recursive: true }));

const fresh = (key: string | undefined = passingKey()): FilePath => ({ path: join(folder, `${files++}`), key });

/** Content that differs everywhere. */
const contentOf = (length: number) =>
  Buffer.from(Uint32Array.from({ length: Math.ceil(length / 4) }, (_, n) => n * 2654435761).buffer, 0, length);

const lengths = fc.oneof(
  fc.constantFrom(0, 1, chunkBytes - 1, chunkBytes, chunkBytes + 1, 2 * chunkBytes, 3 * chunkBytes + 17),
  fc.nat({ max: 3 * chunkBytes }),
);

it('gives what was written, from any position, and nothing of it as it is', async () => {
  const property = fc.asyncProperty(
    lengths,
    fc.nat(),
    fc.nat(),
    fc.integer({ min: 1, max: 100_000 }),
    async (length, at, until, piece) => {
      const [file, content] = [fresh(), contentOf(length)];
      {
        await using writing = await createFile(file);
        for (let begin = 0; begin < length; begin += piece)
          await writing.append(content.subarray(begin, begin + piece));
        await writing.end();
      }
      await using reading = await openFile(file);
      expect(reading.size).toBe(length);
      const [start, end] = [at % (length + 1), until % (length + 1)].toSorted((one, other) => one - other) as [
        number,
        number,
      ];
      const target = Buffer.alloc(end - start);
      await reading.read(target, start);
      expect(target.equals(content.subarray(start, end))).toBe(true);
      const sealed = await readFile(pathOf(file));
      if (length >= 64) expect(sealed.includes(content.subarray(0, 64))).toBe(false);
      expect((await buffer(openStream(Readable.from([sealed]), keyText(file), 'it'))).equals(content)).toBe(true);
      await rm(pathOf(file));
    },
  );
  await fc.assert(property, { numRuns: 25 });
});

const keyText = (file: FilePath) => (typeof file === 'string' ? '' : (file.key ?? ''));

it('finds any bit that was flipped', async () => {
  const property = fc.asyncProperty(fc.nat({ max: chunkBytes + 100 }), fc.nat(), async (length, at) => {
    const file = fresh();
    await writeWhole(file, contentOf(length));
    const sealed = await readFile(pathOf(file));
    const bit = at % (8 * sealed.length);
    sealed[bit >> 3] = (sealed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    await writeFile(pathOf(file), sealed);
    await expect(readWhole(file)).rejects.toThrow(SealedError);
    await expect(buffer(openStream(Readable.from([sealed]), keyText(file), 'it'))).rejects.toThrow(SealedError);
    await rm(pathOf(file));
  });
  await fc.assert(property, { numRuns: 40 });
});

it('finds a file that was cut anywhere, also between two chunks', async () => {
  const length = 2 * chunkBytes + 5;
  const between = [0, headerBytes, headerBytes + sealedChunkBytes, headerBytes + 2 * sealedChunkBytes];
  for (const cut of [
    ...between,
    7,
    headerBytes + 3,
    headerBytes + sealedChunkBytes + 1,
    headerBytes + 2 * sealedChunkBytes + 20,
  ]) {
    const file = fresh();
    await writeWhole(file, contentOf(length));
    await truncate(pathOf(file), cut);
    await expect(openFile(file), String(cut)).rejects.toThrow(SealedError);
  }
});

it('finds chunks that changed places, came twice, or are of another file of the same key', async () => {
  const key = passingKey();
  const [file, other] = [fresh(key), fresh(key)];
  for (const each of [file, other]) await writeWhole(each, contentOf(3 * chunkBytes));
  const [sealed, foreign] = [await readFile(pathOf(file)), await readFile(pathOf(other))];
  const chunk = (of: Buffer, n: number) =>
    of.subarray(headerBytes + n * sealedChunkBytes, headerBytes + (n + 1) * sealedChunkBytes);
  const header = sealed.subarray(0, headerBytes);
  const arrangements = [
    [chunk(sealed, 1), chunk(sealed, 0), chunk(sealed, 2)],
    [chunk(sealed, 0), chunk(sealed, 0), chunk(sealed, 2)],
    [chunk(sealed, 0), chunk(sealed, 1), chunk(sealed, 2), chunk(sealed, 2)],
    [chunk(sealed, 0), chunk(foreign, 1), chunk(sealed, 2)],
  ];
  for (const chunks of arrangements) {
    await writeFile(pathOf(file), Buffer.concat([header, ...chunks]));
    await expect(readWhole(file)).rejects.toThrow(SealedError);
  }
});

it('opens with the key of the file alone: not another name of its folder, not as a plain file', async () => {
  const sealedFolder = { path: folder, key: passingKey() };
  const [one, other] = [fileIn(sealedFolder, 'one'), fileIn(sealedFolder, 'other')];
  await writeWhole(one, 'something');
  await writeWhole(other, 'something else');
  await writeFile(pathOf(other), await readFile(pathOf(one)));
  await expect(readWhole(other)).rejects.toThrow(`${pathOf(other)} cannot be decrypted`);
  await writeFile(pathOf(other), 'something else');
  await expect(readWhole(other)).rejects.toThrow(SealedError);
  expect((await readWhole(one)).toString()).toBe('something');
});
