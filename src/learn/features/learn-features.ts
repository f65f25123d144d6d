import type { Features, Metadata } from './column.ts';
import { encode, type FeatureEncoder } from './encoder.ts';
import { fitEncoder } from './fit-encoder.ts';

/** Features, and what makes more of them from metadata that comes later. */
export type LearnedFeatures = Features & { readonly encoder: FeatureEncoder };

/** Nothing where the metadata tells no two rows apart. */
export async function learnFeatures(metadata: Metadata | undefined): Promise<LearnedFeatures | undefined> {
  if (metadata === undefined) return undefined;
  const encoder = await fitEncoder(metadata);
  return encoder.width === 0 ? undefined : { ...(await encode(encoder, metadata)), encoder };
}

/** The features of these rows, in this order. */
export function selectRows<Selected extends Features>(features: Selected, rows: Uint32Array): Selected {
  const { width, values } = features;
  const selected = new Float32Array(new SharedArrayBuffer(4 * rows.length * width));
  rows.forEach((row, n) => {
    selected.set(values.subarray(row * width, (row + 1) * width), n * width);
  });
  return { ...features, values: selected };
}
