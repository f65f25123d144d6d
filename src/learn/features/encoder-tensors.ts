import { float32Tensor, uint32Tensor } from '../model/model-content.ts';
import type { LearnedModel, Tensor } from '../recipes/recipe.ts';
import type { FeatureEncoder } from './encoder.ts';

type Whose = 'item' | 'user';

/**
 * The parts of an encoder that a model folder keeps as tensors; its columns are in model.json (docs/model-format.md).
 */
export const encoderTensors = (
  whose: Whose,
  { slots, rarities, width, projection }: FeatureEncoder,
): Record<string, Tensor> => ({
  [`${whose}_terms`]: { shape: [slots.length], data: slots },
  [`${whose}_term_rarities`]: { shape: [rarities.length], data: rarities },
  ...(projection && { [`${whose}_term_projection`]: { shape: [slots.length, width], data: projection } }),
});

/** Whether a tensor of a model belongs to an encoder of metadata. */
export const isOfEncoder = (tensor: string): boolean => /^(item|user)_term/.test(tensor);

/** The encoder that a model keeps; undefined if it learned from no such metadata. */
export function encoderOf(learned: LearnedModel, whose: Whose): FeatureEncoder | undefined {
  const columns = learned[`${whose}Columns`];
  if (columns === undefined) return undefined;
  const slots = uint32Tensor(learned, `${whose}_terms`);
  const rarities = float32Tensor(learned, `${whose}_term_rarities`);
  const name = `${whose}_term_projection`;
  if (learned.tensors[name] === undefined) return { columns, slots, rarities, width: slots.length };
  const projection = float32Tensor(learned, name);
  return { columns, slots, rarities, projection, width: projection.length / slots.length };
}
