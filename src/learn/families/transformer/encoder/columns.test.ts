import { describe, expect, it } from 'vitest';
import { emptyHistories, type Histories } from '../../../histories/histories.ts';
import type { InteractionColumn } from '../../../histories/interaction-columns.ts';
import { uniforms } from '../../../kernels/random.ts';
import { byIds } from '../../../model/model-by-ids.ts';
import { bestItems, learn, open } from '../transformer.fixture.ts';

const items = 40;
const users = 300;
const steps = 12;

/** Histories in which `next` gives each item and the codes of its columns from the interaction before. */
function simulate(
  columns: readonly InteractionColumn[],
  next: (random: () => number, before: { item: number; codes: readonly number[] }) => { item: number; codes: number[] },
): Histories {
  const random = uniforms(3);
  const histories = emptyHistories(users, users * steps, columns);
  for (let user = 0, at = 0; user < users; user++) {
    let before = { item: Math.floor(random() * items), codes: columns.map(() => 1) };
    for (let step = 0; step < steps; step++, at++) {
      before = next(random, before);
      histories.items[at] = before.item;
      histories.timestamps[at] = 1_600_000_000 + at * 3600;
      for (const [column, codes] of histories.codes.entries()) codes[at] = before.codes[column];
    }
    histories.offsets[user + 1] = at;
  }
  return histories;
}

const eventType: InteractionColumn = { name: 'EVENT_TYPE', kind: 'categorical', values: ['view', 'buy'] };
const device: InteractionColumn = { name: 'DEVICE', kind: 'categorical', values: ['TV', 'phone'] };

describe('event types and context', () => {
  it('tells what follows a purchase from what follows a view', async () => {
    const histories = simulate([eventType], (random, { item, codes: [type] }) => ({
      item: (item + (type === 2 ? 7 : 1)) % items,
      codes: [random() < 0.5 ? 1 : 2],
    }));
    const model = await open(await learn(histories, items), items);
    let found = 0;
    for (let item = 0; item < items; item++) {
      for (const [code, stride] of [
        [1, 1],
        [2, 7],
      ] as const) {
        const history = {
          items: Uint32Array.of((item + items - 1) % items, item),
          timestamps: Float64Array.of(1_600_000_000, 1_600_003_600),
          codes: [Uint8Array.of(1, code)],
        };
        const [first] = await bestItems(model, history, 1);
        if (first === (item + stride) % items) found++;
      }
    }
    // Without the type, either is as likely.
    expect(found / (2 * items)).toBeGreaterThan(0.85);
  });

  it('predicts for the context of a request: even items on a TV, odd ones on a phone', async () => {
    const histories = simulate([device], (random) => {
      const phone = random() < 0.5 ? 1 : 0;
      return { item: 2 * Math.floor((random() * items) / 2) + phone, codes: [1 + phone] };
    });
    const model = byIds(await open(await learn(histories, items), items, users));
    const evenOn = async (context: Record<string, string>) => {
      const { items: best, scores = [] } = await model.recommend({ userId: 'u3', count: items, context });
      return best.reduce((sum, id, n) => sum + (Number(id.slice(1)) % 2 === 0 ? (scores[n] ?? 0) : 0), 0);
    };
    expect(await evenOn({ device: 'TV' })).toBeGreaterThan(0.9);
    expect(await evenOn({ DEVICE: 'phone' })).toBeLessThan(0.1);
    expect(await evenOn({})).toBeCloseTo(0.5, 0);
    expect(await evenOn({ DEVICE: 'radio', WEATHER: 'rain' })).toBe(await evenOn({}));
    const ranked = await model.rank({ userId: 'u3', items: ['i7', 'i8', 'i9', 'i10'], context: { DEVICE: 'TV' } });
    expect(new Set(ranked.items.slice(0, 2))).toEqual(new Set(['i8', 'i10']));
  });
});
