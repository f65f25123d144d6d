import { type ReportFraction, subFraction } from '../../util/progress.ts';
import { type Features, type Metadata, observed } from './column.ts';
import { encode, type FeatureEncoder } from './encoder.ts';
import { fitEncoder } from './fit-encoder.ts';

/** Features, and what makes more of them from metadata that comes later. */
export type LearnedFeatures = Features & { readonly encoder: FeatureEncoder };

/** How far the work has come when the encoder is made. */
const fitted = 0.8;

/** Nothing where the metadata is the same in all rows. */
export async function learnFeatures(
  metadata: Metadata | undefined,
  progress: ReportFraction = () => {},
): Promise<LearnedFeatures | undefined> {
  if (metadata === undefined) return undefined;
  const encoder = await fitEncoder(metadata, subFraction(progress, 0, fitted));
  if (encoder.width === 0) return undefined;
  return { ...(await encode(encoder, observed(metadata, subFraction(progress, fitted, 1)))), encoder };
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
