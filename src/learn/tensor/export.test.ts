import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exportModel } from './export.ts';
import { temporaryFolder } from './reference/temporary-folder.fixture.ts';
import { batch, tinyTransformer } from './reference/tiny-transformer.fixture.ts';
import { openExported } from './run/exported.ts';
import { readSafetensors } from './safetensors.ts';

test('an exported graph opens by its path and scores as the trained one does', async () => {
  await using folder = await temporaryFolder();
  const { trainer, scores } = await tinyTransformer(1);
  for (let step = 0; step < 5; step++) await trainer.step(batch(step));
  await exportModel(folder.path, { score: { scores }, twice: { scores, again: scores } }, trainer.weights);

  const feeds = { items: Int32Array.of(1, 2, 3, 4, 5, 6), segments: new Int32Array(6) };
  const evaluator = await trainer.evaluator({ scores });
  const expected = await evaluator.run(feeds);
  const exported = await openExported(join(folder.path, 'score.onnx'));
  expect(exported.inputs).toEqual({ items: [1, 6], segments: [1, 6] });
  // Weights that are constants are laid out again for products, which then round differently.
  const found = (await exported.run(feeds)).scores;
  for (const [item, score] of expected.scores.entries()) expect(found?.[item]).toBeCloseTo(score, 6);
  await expect(exported.run({ items: feeds.items })).rejects.toThrow('The input segments [1, 6] was not fed.');
  const twice = await openExported(join(folder.path, 'twice.onnx'));
  expect(await twice.run(feeds)).toEqual({ scores: found, again: found });

  const weights = await readSafetensors(join(folder.path, 'weights.safetensors'));
  expect(Object.keys(weights).sort()).toEqual(trainer.weights.parameters.map(({ name }) => name).sort());
  expect(weights['items.table']?.data).toEqual(trainer.weights.get('items.table'));
  await Promise.all([exported.release(), twice.release(), evaluator.release(), trainer.release()]);
});
