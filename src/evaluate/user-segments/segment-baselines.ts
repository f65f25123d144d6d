import { type AttributeIndex, everyAttribute, indexAttributes } from '../../learn/families/segments/attribute-index.ts';
import { ownCounts } from '../../learn/families/segments/segment-features.ts';
import { allUsers } from '../../learn/histories/histories.ts';
import { userItemMatrix } from '../../learn/histories/user-items.ts';
import { transpose } from '../../learn/kernels/csr.ts';
import { topK } from '../../learn/kernels/top-k.ts';
import { itemAttributeAffinity } from '../../learn/recipes/item-attribute-affinity.ts';
import type { FitTask } from '../candidate-model.ts';
import { metadataOf } from '../readers/item-records.ts';
import { activityOf, measured, type SegmentContestant } from './segment-candidate.ts';

/** The users with most interactions, the same for all segments. */
const activity: SegmentContestant = {
  name: 'activity',
  kind: 'baseline',
  seeded: false,
  async fit(task) {
    const counts = activityOf(task);
    return measured({
      segments: await segmentsOf(task),
      segment: async ({ count, eligible }) => topK(counts, count, eligible?.words),
    });
  },
};

/**
 * The users with most interactions among the items that have an attribute in common with those of the segment, of each
 * attribute as many as there are.
 */
const category: SegmentContestant = {
  name: 'category',
  kind: 'baseline',
  seeded: false,
  async fit(task) {
    const index = await attributesIn(task);
    if (!index) return { skipped: 'it needs metadata of the items: name a file with --items' };
    const { training, items } = task;
    const usersByItem = transpose(userItemMatrix(training, allUsers(training), items.size));
    const lists = everyAttribute(index);
    const listsOf = Array.from({ length: items.size }, (): number[] => []);
    for (const [attribute, list] of lists.entries()) for (const item of list) listsOf[item].push(attribute);
    return measured({
      segments: await segmentsOf(task),
      async segment({ items: wanted, count, eligible }) {
        // A segment of more items is that of their attribute.
        const related = wanted.length > 1 ? [wanted] : listsOf[wanted[0]].map((attribute) => lists[attribute]);
        const counts = ownCounts(usersByItem, Uint32Array.from(related.flatMap((list) => [...list])));
        return topK(Float32Array.from(counts), count, eligible?.words);
      },
    });
  },
};

export const segmentBaselines: readonly SegmentContestant[] = [activity, category];

async function segmentsOf(task: FitTask) {
  const index = await attributesIn(task);
  const trained = new Uint8Array(task.items.size);
  for (const item of task.training.items) trained[item] = 1;
  const items = Uint32Array.from(trained.keys()).filter((item) => trained[item] === 1);
  return {
    item: Array.from(items, (item) => Uint32Array.of(item)),
    ...(index && { attribute: everyAttribute(index) }),
  };
}

const attributesIn = async ({ itemRecords }: FitTask): Promise<AttributeIndex | undefined> =>
  itemRecords && itemAttributeAffinity.itemColumn
    ? await indexAttributes(metadataOf(itemRecords, itemAttributeAffinity.itemColumn))
    : undefined;
