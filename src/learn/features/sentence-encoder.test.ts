import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../training/training.fixture.ts';
import { metadataOf } from './features.fixture.ts';
import { learnFeatures } from './learn-features.ts';
import { writeEncoder } from './sentence-encoder.fixture.ts';
import { openSentenceEncoder } from './sentence-encoder.ts';
import { withSentences } from './sentences.ts';

it('gives the mean of the tokens of a text, of length 1', async () => {
  await using folder = await temporaryFolder();
  await writeEncoder(folder.path);
  const encoder = await openSentenceEncoder(folder.path);
  const found = await encoder.encode(['Rockets planet', 'oven', '', 'unheard of']);
  expect(encoder.width).toBe(2);
  const mean = [3 + 0 + 2, 0.5 + 0 + 0] as const;
  expect(found[0]).toBeCloseTo(mean[0] / Math.hypot(...mean), 5);
  expect(found[1]).toBeCloseTo(mean[1] / Math.hypot(...mean), 5);
  expect([...found.subarray(2)]).toEqual([0, 1, 0, 0, 0, 0]);
  await encoder.release();
});

it('makes features of texts by their vectors', async () => {
  await using folder = await temporaryFolder();
  await writeEncoder(folder.path);
  const encoder = await openSentenceEncoder(folder.path);
  const texts = ['rocket', 'planet', 'oven', 'bread', 'rockets', null, 'oven bread', 'planet planet'];
  const rows = Array.from({ length: 80 }, (_, n) => [n, texts[n % texts.length] ?? null]);
  const metadata = await withSentences(metadataOf(['numeric', 'textual'], rows), encoder, folder.path);
  expect(metadata.columns.map(({ kind }) => kind)).toEqual(['numeric', 'vector']);
  const sampled: unknown[] = [];
  for await (const cells of metadata.rows(3)) sampled.push(cells);
  expect(sampled).toHaveLength(27);
  expect(sampled[1]).toEqual([3, Float32Array.of(0, 1)]);
  expect(sampled[7]).toEqual([21, null]);
  const features = await learnFeatures(metadata);
  expect(features?.values.every(Number.isFinite)).toBe(true);
  expect(features?.encoder.columns[1]).toEqual({ name: 'column1', kind: 'vector' });
  await encoder.release();
});

it('says what a folder lacks', async () => {
  await using folder = await temporaryFolder();
  await expect(openSentenceEncoder(folder.path)).rejects.toThrow(
    `${join(folder.path, 'tokenizer.json')} cannot be read`,
  );
  await writeEncoder(folder.path);
  await writeFile(join(folder.path, 'model.onnx'), 'no model');
  await expect(openSentenceEncoder(folder.path)).rejects.toThrow(`${join(folder.path, 'model.onnx')} cannot be opened`);
});
