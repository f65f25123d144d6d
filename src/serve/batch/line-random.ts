import { uniforms } from '../../learn/kernels/random.ts';
import type { Line } from './line.ts';

/** Random numbers of a line, uniform in [0, 1): the same on every node and in every attempt. */
export function lineRandom(seed: number, { file, offset }: Pick<Line, 'file' | 'offset'>): () => number {
  return uniforms(mixed(mixed(mixed(seed | 0, file), offset % 2 ** 32), Math.floor(offset / 2 ** 32)));
}

/** The finaliser of MurmurHash3 (Appleby 2011) over what is there and what is added. */
function mixed(hash: number, value: number): number {
  let bits = Math.imul(hash ^ (value | 0), 0x9e3779b1) ^ 0x7f4a7c15;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
