import type { TermReader } from '../../features/encoder.ts';
import type { TextProfile } from '../../model/text-profile.ts';

/** Terms of a text that count, those of greatest weight: memory is bounded so, whatever the length of texts. */
export const mostTerms = 64;
const greatestWeight = 255;
const weightShift = 24;

export const termOf = (packed: number): number => packed & (2 ** weightShift - 1);
export const weightOf = (packed: number): number => packed >>> weightShift;

export const saysNothing = ({ terms, codes }: TextProfile): boolean =>
  terms.length === 0 && codes.every((code) => code === 0);

/** By the terms that the training knows. */
export function termProfile(reader: TermReader, text: string): TextProfile {
  const { terms, weights } = reader.read([text]);
  const order = Array.from(terms.keys());
  if (order.length > mostTerms) order.sort((a, b) => weights[b] - weights[a] || terms[a] - terms[b]);
  const kept = order.slice(0, mostTerms);
  const greatest = kept.reduce((most, n) => Math.max(most, weights[n]), 0);
  const packed = kept.map((n) => {
    const weight = Math.max(1, Math.round((greatestWeight * weights[n]) / greatest));
    return terms[n] + weight * 2 ** weightShift;
  });
  return { terms: Uint32Array.from(packed).sort((a, b) => termOf(a) - termOf(b)), codes: noCodes };
}

/** By the vector of a sentence encoder, less the mean of all: what every text has says nothing about any. */
export function vectorProfile(vector: Float32Array | null, mean: Float32Array): TextProfile {
  const codes = new Int8Array(mean.length);
  if (vector === null) return { terms: noTerms, codes };
  const centred = mean.map((value, n) => vector[n] - value);
  const greatest = centred.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const factor = greatest > 0 ? 127 / greatest : 0;
  for (let n = 0; n < codes.length; n++) codes[n] = Math.round(centred[n] * factor);
  return { terms: noTerms, codes };
}

const noTerms = new Uint32Array();
const noCodes = new Int8Array();
