// What the module exports. Every pointer is a byte address in the imported memory; vectors are padded with zeros to a
// multiple of 8 floats (`bytes` = 4 × padded length) and aligned to 16 bytes.

export { gatherBits } from './bit-gather';
export { addObservations, solvePositive } from './cholesky';
export { bestOfAll, bestOfTouched, countPairs, weighPairs } from './co-occurrence';
export { encodeRows } from './codes';
export { rankCodes } from './coded-ranking';
export { conjugateGradient } from './conjugate-gradient';
export { countAtLeast } from './counting';
export { accumulateGram } from './gram';
export { nearestSketches } from './nearest-sketches';
export { drawNegatives, logsOfMissing } from './negative-sampling';
export { rankProducts, rankRows, scoreRows } from './ranking';
export {
  selectBytes,
  selectDoubles,
  selectFloats,
  selectInts,
  selectLongs,
  selectShortRanges,
  selectShorts,
  selectWordRanges,
} from './row-selection';
export { addLogs, addRowsToColumns } from './sparse-sums';
export { dotOfOne } from './vectors';
