import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { exportModel } from '../../src/learn/tensor/index.ts';
import { batch, tinyTransformer } from '../../src/learn/tensor/reference/tiny-transformer.fixture.ts';
import { pythonEnvironment } from '../support/python.ts';

const environment = await pythonEnvironment('tensor', join(import.meta.dirname, 'requirements.txt'));

test.skipIf(environment === undefined)(
  "Python's ONNX Runtime and safetensors read an exported model to the same numbers",
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'export-'));
    const { trainer, scores } = await tinyTransformer(1);
    for (let step = 0; step < 5; step++) await trainer.step(batch(step));
    await exportModel(folder, { score: { scores } }, trainer.weights);
    const evaluator = await trainer.evaluator({ scores });
    const items = [1, 2, 3, 4, 5, 6];
    const expected = await evaluator.run({ items: Int32Array.from(items), segments: new Int32Array(6) });

    const script = join(import.meta.dirname, 'score.py');
    const { stdout } = await promisify(execFile)(environment?.python ?? '', [script, folder, JSON.stringify(items)]);
    const found = JSON.parse(stdout);
    for (const [item, score] of expected.scores.entries()) expect(found.scores[item]).toBeCloseTo(score, 5);
    for (const { name } of trainer.weights.parameters) {
      const sum = trainer.weights.get(name).reduce((total, value) => total + value, 0);
      expect(found.weights[name]).toBeCloseTo(sum, 4);
    }
    await Promise.all([evaluator.release(), trainer.release(), rm(folder, { recursive: true })]);
  },
);
