import { TermReader } from '../../features/encoder.ts';
import { encoderOf } from '../../features/encoder-tensors.ts';
import { slotCount } from '../../features/terms.ts';
import { float32Tensor } from '../../model/model-content.ts';
import type { TextProfile } from '../../model/text-profile.ts';
import type { LearnedModel } from '../../recipes/recipe.ts';
import { termProfile, vectorProfile } from './profile.ts';

/** Makes profiles of texts that come after the training, as the training made them. */
export type TextProfiler = {
  /** Of codes; 0 where profiles are terms. */
  readonly width: number;
  readonly termCount: number;
  /** Memory it holds, in bytes, but for a sentence encoder. */
  readonly bytes: number;
  profilesOf(texts: readonly string[]): Promise<readonly TextProfile[]>;
};

/**
 * @param textEncoder folder of a sentence encoder
 * @throws Error in one sentence if the model was trained with a sentence encoder and there is none, or another one
 */
export async function openTextProfiler(
  learned: Pick<LearnedModel, 'tensors' | 'constants' | 'itemColumns'>,
  textEncoder: string | undefined,
): Promise<TextProfiler> {
  return learned.tensors.text_vector_mean ? await profilerByVectors(learned, textEncoder) : profilerByTerms(learned);
}

function profilerByTerms(learned: Parameters<typeof openTextProfiler>[0]): TextProfiler {
  const terms = encoderOf(learned, 'item');
  if (!terms) throw new Error('The model lacks the columns that its items have.');
  const reader = new TermReader({ ...terms, columns: [{ name: 'text', kind: 'textual' }] });
  return {
    width: 0,
    termCount: terms.slots.length,
    bytes: 4 * slotCount + 16 * terms.slots.length,
    profilesOf: async (texts) => texts.map((text) => termProfile(reader, text)),
  };
}

async function profilerByVectors(
  learned: Parameters<typeof openTextProfiler>[0],
  textEncoder: string | undefined,
): Promise<TextProfiler> {
  if (textEncoder === undefined) {
    throw new Error(
      'New items cannot be found: the model was trained with a sentence encoder. Start the server with the same --text-encoder.',
    );
  }
  const mean = float32Tensor(learned, 'text_vector_mean');
  // With it comes an engine that servers without such a model do without.
  const { openSentenceEncoder } = await import('../../features/sentence-encoder.ts');
  const sentences = await openSentenceEncoder(textEncoder);
  if (sentences.width !== mean.length) {
    throw new Error(
      `New items cannot be found: the model was trained with a sentence encoder of ${mean.length} numbers, and that in ${textEncoder} gives ${sentences.width}. Train again, or start the server with the same --text-encoder.`,
    );
  }
  return {
    width: mean.length,
    termCount: 0,
    bytes: mean.byteLength,
    async profilesOf(texts) {
      const vectors = await sentences.encode(texts);
      return texts.map((text, n) => {
        const vector = vectors.subarray(n * mean.length, (n + 1) * mean.length);
        return vectorProfile(text === '' ? null : vector, mean);
      });
    },
  };
}
