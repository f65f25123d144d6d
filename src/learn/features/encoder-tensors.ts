import type { Tensor } from '../recipe.ts';
import type { FeatureEncoder } from './encoder.ts';

/** What of an encoder a model folder keeps as tensors; its columns stand in model.json (docs/model-format.md). */
export const encoderTensors = ({ places, rarities, width, projection }: FeatureEncoder): Record<string, Tensor> => ({
  item_terms: { shape: [places.length], data: places },
  item_term_rarities: { shape: [rarities.length], data: rarities },
  ...(projection && { item_term_projection: { shape: [places.length, width], data: projection } }),
});
