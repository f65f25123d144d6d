import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from './reference/temporary-folder.fixture.ts';
import { readSafetensors, type StoredTensor, writeSafetensors } from './safetensors.ts';

const tensor = (data: StoredTensor['data'], ...shape: number[]): StoredTensor => ({ shape, data });

describe('safetensors', () => {
  it('gives back what was written: every kind, empty ones too', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'tensors.safetensors');
    const tensors = {
      bytes: tensor(Uint8Array.of(1, 2, 3), 3),
      doubles: tensor(Float64Array.of(Math.PI, -0, Number.MAX_VALUE), 3, 1),
      floats: tensor(Float32Array.of(1.5, -2.25, 0, 7), 2, 2),
      integers: tensor(Int32Array.of(-1, 2 ** 31 - 1), 2),
      'no rows, "quoted"': tensor(new Float32Array(0), 0, 64),
      whole: tensor(Uint32Array.of(0, 2 ** 32 - 1), 2),
    };
    await writeSafetensors(path, tensors);
    expect(await readSafetensors(path)).toEqual(tensors);
  });

  it('is laid out as the format says, so that other readers find it', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'tensors.safetensors');
    const positions = await writeSafetensors(path, {
      a: tensor(Uint8Array.of(9), 1),
      b: tensor(Float32Array.of(0.5, 2), 2),
    });
    const file = await readFile(path);
    const header = Number(file.readBigUInt64LE());
    const entries = JSON.parse(file.subarray(8, 8 + header).toString());
    expect(entries.a).toEqual({ dtype: 'U8', shape: [1], data_offsets: [8, 9] });
    expect(entries.b).toEqual({ dtype: 'F32', shape: [2], data_offsets: [0, 8] });
    expect(file.readFloatLE(8 + header)).toBe(0.5);
    expect(positions).toEqual({ a: { offset: 16 + header, length: 1 }, b: { offset: 8 + header, length: 8 } });
    expect(file.length).toBe(8 + header + 9);
  });

  it('refuses any file that is cut short', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'tensors.safetensors');
    await writeSafetensors(path, { floats: tensor(Float32Array.of(1, 2, 3, 4), 4) });
    const whole = await readFile(path);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: whole.length - 1 }), async (length) => {
        await writeFile(path, whole);
        await truncate(path, length);
        await expect(readSafetensors(path)).rejects.toThrow();
      }),
    );
  });
});
