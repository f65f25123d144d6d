import type { Field } from '../../data/dataset-schema.ts';
import { learnAttributeSegments } from '../families/segments/learn.ts';
import { openAttributeSegments } from '../families/segments/model.ts';
import { segmentParameters } from '../families/segments/parameters.ts';
import type { ColumnKind } from '../features/column.ts';
import type { RecipeOf } from './recipe.ts';

/** Columns of items that say nothing of what an item is. */
const reserved = ['ITEM_ID', 'CREATION_TIMESTAMP'];

/** The columns by which users can be found: texts and booleans are none of them. */
function queried({ name, type, categorical }: Field): ColumnKind | undefined {
  if (reserved.includes(name) || type === 'boolean') return undefined;
  if (type !== 'string') return 'numeric';
  return categorical ? 'categorical' : undefined;
}

/** The users who are most likely to interact with items of given attributes (spec recipes.md §3.2). */
export const itemAttributeAffinity: RecipeOf<'USER_SEGMENTATION'> = {
  name: 'aws-item-attribute-affinity',
  recipeType: 'USER_SEGMENTATION',
  batchLinesQuota: 'attributeSegmentLinesPerFile',
  description: 'Makes segments of the users who are most likely to interact with items of given attributes.',
  featureTransformation: 'item-attribute-affinity',
  ...segmentParameters,
  publishedAt: Date.UTC(2021, 7, 25),
  datasets: { INTERACTIONS: 'required', ITEMS: 'required', USERS: 'optional' },
  refusesEventFilters: true,
  neededFields: [
    {
      dataset: 'ITEMS',
      what: 'categorical or numeric field beside the reserved ones',
      isMetBy: (field) => queried(field) !== undefined,
    },
  ],
  itemColumn: queried,
  usesMetadata: true,
  usesHistory: true,
  learn: learnAttributeSegments,
  warmStartTensors: (tensor) => tensor === 'item_factors',
  open: async (content) => openAttributeSegments(content),
};
