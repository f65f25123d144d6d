import type { ReportFraction } from '../../util/progress.ts';
import type { Metadata } from '../features/column.ts';
import { openSentenceEncoder } from '../features/sentence-encoder.ts';
import { withSentences } from '../features/sentences.ts';
import { TrainingError } from '../training/training.ts';
import type { TrainingData } from './plan.ts';

/** The metadata with vectors for texts, where a folder with a sentence encoder is given. */
export async function encodeTexts(
  metadata: Metadata,
  { textEncoder, workFolder }: Pick<TrainingData, 'textEncoder' | 'workFolder'>,
  progress: ReportFraction = () => {},
): Promise<Metadata> {
  if (textEncoder === undefined || metadata.columns.every(({ kind }) => kind !== 'textual')) return metadata;
  const encoder = await openSentenceEncoder(textEncoder).catch((error: Error) => {
    throw new TrainingError(`Create failed. ${error.message}`, { cause: error });
  });
  try {
    return await withSentences(metadata, encoder, workFolder, progress);
  } finally {
    await encoder.release();
  }
}
