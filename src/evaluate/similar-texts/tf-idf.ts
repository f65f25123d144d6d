import { topK } from '../../learn/kernels/top-k.ts';
import type { CandidateModel } from '../candidate-model.ts';
import type { ItemRecords } from '../readers/item-records.ts';

/**
 * The cosine of TF-IDF over the words of all texts of an item, as the usual vectoriser has it: counts × (1 + ln((1 +
 * items) / (1 + items with the word))). Asked about the newest item of the input; items without a word of its are in no
 * list.
 */
export const tfIdf: CandidateModel = {
  name: 'tf-idf',
  kind: 'baseline',
  seeded: false,
  async fit({ items, itemRecords }) {
    if (itemRecords === undefined) return { skipped: 'there is no items file' };
    const vectors = vectorsOf(itemRecords.rows.map((cells) => wordsOf(itemRecords, cells)));
    const itemsOf = new Map<string, [item: number, weight: number][]>();
    vectors.forEach((vector, item) => {
      for (const [word, weight] of vector) {
        const list = itemsOf.get(word) ?? [];
        list.push([item, weight]);
        itemsOf.set(word, list);
      }
    });
    const scores = new Float32Array(items.size);
    return {
      rank: async (queries, count) =>
        queries.map(({ input, eligible }) => {
          scores.fill(0);
          for (const [word, weight] of vectors[input.items.at(-1) ?? -1] ?? []) {
            for (const [item, other] of itemsOf.get(word) ?? []) scores[item] += weight * other;
          }
          return topK(scores, count, eligible?.words).filter((item) => scores[item] > 0);
        }),
    };
  },
};

function wordsOf({ schema, columns }: ItemRecords, cells: ItemRecords['rows'][number]): readonly string[] {
  return cells.flatMap((cell, n) => {
    const field = schema.fields.find(({ name }) => name === columns[n]);
    if (typeof cell !== 'string' || field?.categorical) return [];
    return cell.toLowerCase().match(/[\p{Letter}\p{Number}]+/gu) ?? [];
  });
}

/** Vectors of length 1, by word. */
function vectorsOf(texts: readonly (readonly string[])[]): readonly ReadonlyMap<string, number>[] {
  const itemsWith = new Map<string, number>();
  for (const words of texts) for (const word of new Set(words)) itemsWith.set(word, (itemsWith.get(word) ?? 0) + 1);
  return texts.map((words) => {
    const counts = new Map<string, number>();
    for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
    const rarity = (word: string) => 1 + Math.log((1 + texts.length) / (1 + (itemsWith.get(word) ?? 0)));
    const weights = Array.from(counts, ([word, count]) => [word, count * rarity(word)] as const);
    const length = Math.hypot(...weights.map(([, weight]) => weight));
    return new Map(weights.map(([word, weight]) => [word, weight / length]));
  });
}
