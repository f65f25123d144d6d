import { randomisedSvd } from '../../features/randomised-svd.ts';
import type { Exposures } from '../../histories/exposures.ts';
import type { Csr } from '../../kernels/csr.ts';
import type { ExpectedAnswers } from './user-state.ts';

const mostFactors = 8;
/** Exposures that an action's rate begins with, of the mean rate of all. */
const supposed = 10;

/** How often each action is taken, and which are taken by the same users. */
export async function learnAnswers(
  { users, actions, isTaken }: Exposures,
  userCount: number,
  actionCount: number,
  seed: number,
): Promise<ExpectedAnswers> {
  const rates = ratesOf(actions, isTaken, actionCount);
  const matrix = surplusMatrix({ users, actions, isTaken }, rates, userCount, actionCount);
  if (matrix.indices.length === 0) return { rates, vectors: new Float32Array(), width: 0 };
  const { vectors, values } = await randomisedSvd(matrix, Math.min(mostFactors, actionCount), seed);
  return { rates, vectors, width: values.length };
}

export function ratesOf(actions: Uint32Array, isTaken: Uint8Array, actionCount: number): Float32Array {
  const shown = new Float64Array(actionCount);
  const taken = new Float64Array(actionCount);
  let [allShown, allTaken] = [0, 0];
  actions.forEach((action, n) => {
    shown[action] = shown[action] + 1;
    taken[action] = taken[action] + isTaken[n];
    allShown++;
    allTaken += isTaken[n];
  });
  const mean = (allTaken + 1) / (allShown + 2);
  return Float32Array.from(shown, (count, action) => (taken[action] + supposed * mean) / (count + supposed));
}

/** Of each user and action: how often it was taken beyond what was to be expected. Exposures stand user by user. */
function surplusMatrix(
  { users, actions, isTaken }: Pick<Exposures, 'users' | 'actions' | 'isTaken'>,
  rates: Float32Array,
  rows: number,
  columns: number,
): Required<Csr> {
  const offsets = new Uint32Array(rows + 1);
  const indices = new Uint32Array(users.length);
  const values = new Float32Array(users.length);
  const entryOf = new Int32Array(columns).fill(-1);
  let end = 0;
  for (let n = 0, user = 0; user < rows; user++) {
    const begin = end;
    for (; n < users.length && users[n] === user; n++) {
      const action = actions[n];
      if (entryOf[action] < begin) {
        entryOf[action] = end;
        indices[end++] = action;
      }
      const entry = entryOf[action];
      values[entry] = values[entry] + isTaken[n] - rates[action];
    }
    offsets[user + 1] = end;
  }
  return { rows, columns, offsets, indices: indices.subarray(0, end), values: values.subarray(0, end) };
}
