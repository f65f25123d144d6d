import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readCheckpoint } from './checkpoint.ts';
import { temporaryFolder } from './reference/temporary-folder.fixture.ts';
import { batch, items, next, tinyTransformer } from './reference/tiny-transformer.fixture.ts';
import type { Trainer } from './trainer.ts';

async function losses(trainer: Trainer, from: number, to: number): Promise<number[]> {
  const found: number[] = [];
  for (let step = from; step < to; step++) found.push(await trainer.step(batch(step)));
  return found;
}

test('a transformer learns which item follows two others', async () => {
  const { trainer, scores } = await tinyTransformer(1);
  await losses(trainer, 0, 800);
  const evaluator = await trainer.evaluator({ scores });
  let right = 0;
  for (let a = 0; a < items; a++) {
    for (let b = 0; b < items; b++) {
      const history = [a, b];
      while (history.length < 6) history.push(next(history.at(-2) ?? 0, history.at(-1) ?? 0));
      const found = await evaluator.run({ items: Int32Array.from(history), segments: new Int32Array(6) });
      const best = found.scores.indexOf(Math.max(...found.scores));
      if (best === next(history.at(-2) ?? 0, history.at(-1) ?? 0)) right += 1;
    }
  }
  await Promise.all([evaluator.release(), trainer.release()]);
  // Chance is one in twelve.
  expect(right / items ** 2).toBeGreaterThan(0.9);
});

describe('reproducible', () => {
  test('the same seed trains the same weights, with any number of threads; another seed others', async () => {
    const weightsOf = async (seed: number, threads: number) => {
      const { trainer } = await tinyTransformer(seed, threads);
      await losses(trainer, 0, 20);
      const weights = trainer.weights.copy();
      await trainer.release();
      return weights;
    };
    const one = await weightsOf(1, 1);
    expect(await weightsOf(1, 1)).toEqual(one);
    expect(await weightsOf(1, 2)).toEqual(one);
    expect(await weightsOf(2, 1)).not.toEqual(one);
  });

  test('a training that goes on from a checkpoint takes the very same way', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'checkpoint');
    const { trainer: whole } = await tinyTransformer(3);
    await losses(whole, 0, 10);
    await whole.save(path, { best: { shape: [2], data: Float32Array.of(1, 2) } });
    expect((await readCheckpoint(path)).beside).toEqual({ best: { shape: [2], data: Float32Array.of(1, 2) } });
    const rest = await losses(whole, 10, 20);
    const { trainer: resumed } = await tinyTransformer(3);
    await resumed.load(path);
    expect(await losses(resumed, 10, 20)).toEqual(rest);
    expect(resumed.weights.copy()).toEqual(whole.weights.copy());
    await Promise.all([whole.release(), resumed.release()]);
  });

  test('a checkpoint in which one bit has changed is refused', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'checkpoint');
    const { trainer } = await tinyTransformer(3);
    await trainer.save(path);
    const bytes = await readFile(path);
    const at = bytes.length - 10_000;
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    await writeFile(path, bytes);
    await expect(readCheckpoint(path)).rejects.toThrow(`${path} is damaged`);
    await trainer.release();
  });

  test('checkpoints of another seed, model or format are refused in a sentence', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'checkpoint');
    const { trainer } = await tinyTransformer(3);
    await trainer.save(path);
    await trainer.save(path);
    const { trainer: other } = await tinyTransformer(4);
    await expect(other.load(path)).rejects.toThrow('The checkpoint was trained with the seed 3, not 4.');
    await writeFile(path, 'torn');
    await expect(trainer.load(path)).rejects.toThrow();
    await Promise.all([trainer.release(), other.release()]);
  });
});

test('what is fed wrongly is named', async () => {
  const { trainer } = await tinyTransformer(1);
  const { items: ids, ...others } = batch(1);
  if (!ids) throw new Error('The batch has no items.');
  await expect(trainer.step(others)).rejects.toThrow('The input items [8, 6] was not fed.');
  await expect(trainer.step({ ...others, items: ids.slice(1) })).rejects.toThrow('items [8, 6] was fed 47 elements.');
  await expect(trainer.step({ ...others, items: new Float32Array(48) })).rejects.toThrow(
    'takes int32, not Float32Array.',
  );
  expect(trainer.steps).toBe(0);
  await trainer.release();
});
