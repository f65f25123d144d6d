import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { circle, historiesOf, learn, strollers } from '../../src/learn/families/transformer/transformer.fixture.ts';
import type { Histories } from '../../src/learn/histories/histories.ts';
import { codeCount, type InteractionColumn } from '../../src/learn/histories/interaction-columns.ts';
import { writeModelFolder } from '../../src/learn/model/model-folder.ts';
import { openModel } from '../../src/learn/model/open-model.ts';
import { Vocabulary } from '../../src/learn/model/vocabulary.ts';
import { pythonEnvironment } from '../support/python.ts';

const environment = await pythonEnvironment('tensor', join(import.meta.dirname, '../tensor/requirements.txt'));

const ids = (letter: string, count: number) => Vocabulary.of(Array.from({ length: count }, (_, n) => `${letter}${n}`));

/** Event types, devices and hours beside the strolls. */
function strollsWithColumns(): Histories {
  const histories = historiesOf(strollers());
  const columns: InteractionColumn[] = [
    { name: 'EVENT_TYPE', kind: 'categorical', values: ['view', 'buy'] },
    { name: 'DEVICE', kind: 'categorical', values: ['phone', 'TV'] },
    { name: 'HOUR', kind: 'numeric', bounds: [6, 12, 18] },
  ];
  const codes = columns.map((column, n) =>
    Uint8Array.from(histories.items, (item, at) => (item + at * (n + 1)) % codeCount(column)),
  );
  return { ...histories, columns, codes };
}

test.skipIf(environment === undefined)(
  "Python's ONNX Runtime recommends the same from a model folder, by what its documentation says",
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'model-'));
    try {
      const learned = await learn(strollsWithColumns(), circle.items);
      const content = { learned, items: ids('i', circle.items), users: ids('u', circle.users) };
      const counts = { users: circle.users, items: circle.items, interactions: circle.users * circle.steps };
      const facts = { recipe: 'aws-user-personalization-v2', parameters: {}, seed: 1, counts, metrics: {} };
      await writeModelFolder(folder, content, facts);
      const model = await openModel(folder);
      for (const user of [0, 7, 42]) {
        const context: Record<string, string> = user === 7 ? { DEVICE: 'TV', HOUR: '13' } : {};
        const { items, scores = [] } = await model.recommend({ userId: `u${user}`, count: 10, context });
        const script = join(import.meta.dirname, 'recommend.py');
        const { stdout } = await promisify(execFile)(environment?.python ?? '', [
          ...[script, folder, `${user}`, '10'],
          JSON.stringify({ ...context, ...(context.HOUR && { HOUR: Number(context.HOUR) }) }),
        ]);
        const found: { readonly items: number[]; readonly scores: number[] } = JSON.parse(stdout);
        expect(found.items.map((item) => `i${item}`)).toEqual(items);
        for (const [n, score] of scores.entries()) expect(found.scores[n]).toBeCloseTo(score ?? 0, 5);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  },
);
