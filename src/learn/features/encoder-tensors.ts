import { float32Tensor, uint32Tensor } from '../model/model-content.ts';
import type { LearnedModel, Tensor } from '../recipes/recipe.ts';
import type { FeatureEncoder } from './encoder.ts';

type Whose = 'item' | 'user';

/** What of an encoder a model folder keeps as tensors; its columns stand in model.json (docs/model-format.md). */
export const encoderTensors = (
  whose: Whose,
  { places, rarities, width, projection }: FeatureEncoder,
): Record<string, Tensor> => ({
  [`${whose}_terms`]: { shape: [places.length], data: places },
  [`${whose}_term_rarities`]: { shape: [rarities.length], data: rarities },
  ...(projection && { [`${whose}_term_projection`]: { shape: [places.length, width], data: projection } }),
});

/** Whether a tensor of a model belongs to an encoder of metadata. */
export const isOfEncoder = (tensor: string): boolean => /^(item|user)_term/.test(tensor);

/** The encoder that a model keeps; undefined if it learned from no such metadata. */
export function encoderOf(learned: LearnedModel, whose: Whose): FeatureEncoder | undefined {
  const columns = learned[`${whose}Columns`];
  if (columns === undefined) return undefined;
  const places = uint32Tensor(learned, `${whose}_terms`);
  const rarities = float32Tensor(learned, `${whose}_term_rarities`);
  const name = `${whose}_term_projection`;
  if (learned.tensors[name] === undefined) return { columns, places, rarities, width: places.length };
  const projection = float32Tensor(learned, name);
  return { columns, places, rarities, projection, width: projection.length / places.length };
}
