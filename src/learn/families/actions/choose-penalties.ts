import { setImmediate as letOthersRun } from 'node:timers/promises';
import { uniforms } from '../../kernels/random.ts';
import { type Calibration, calibrate, uncalibrated } from './calibration.ts';
import { type Directions, inDirections, sharedDirections } from './directions.ts';
import {
  type Coefficients,
  fitRegression,
  logitsOf,
  lossOf,
  type Penalties,
  type RegressionRows,
  type RegressionTask,
} from './regression.ts';

/** One user in five says how strongly to draw coefficients together, and calibrates. */
const validationShare = 0.2;
/** With fewer rows on either side nothing is chosen. */
const fewestRows = 100;
/** More would hardly choose otherwise. */
const mostRows = 200_000;
const strengths = [1, 3, 10, 30, 100, 300, 1000];
const firstChoice: Penalties = { shared: 30, crossed: 30, own: 10 };
const searchIterations = 40;
/** How often directions are found from a fit in those that were found before. */
const refinements = 2;

export type Choice = {
  readonly penalties: Penalties;
  readonly calibration: Calibration;
  /** Those that the rows are to be in, one after the other. */
  readonly directions: readonly Directions[];
  /** To start from, in these directions; undefined where nothing was chosen. */
  readonly coefficients: Coefficients | undefined;
};

/**
 * The penalties under which the answers of users who are held out are likeliest, one after the other, and the
 * calibration by the same users.
 *
 * @param users of each row
 * @param known penalties that were chosen from part of the data
 */
export async function choosePenalties(
  task: RegressionTask,
  users: Uint32Array,
  seed: number,
  progress: (fraction: number) => void,
  known?: Penalties,
): Promise<Choice> {
  const partOf = drawUsers(users, seed);
  let training = selectRows(task.rows, (row) => partOf(users[row]) === 'training');
  let held = selectRows(task.rows, (row) => partOf(users[row]) === 'held out');
  if (training.count < fewestRows || held.count < fewestRows)
    return { penalties: firstChoice, calibration: uncalibrated, directions: [], coefficients: undefined };
  const directions: Directions[] = [];
  for (let n = 0; n < refinements; n++) {
    const found = sharedDirections(attempt(firstChoice).coefficients.ofActions(), training.width);
    directions.push(found);
    training = inDirections(training, found);
    held = inDirections(held, found);
    await letOthersRun();
    progress((0.5 * (n + 1)) / refinements);
  }
  let best = attempt(known ?? firstChoice);
  let done = 0;
  for (const name of known ? [] : (['own', 'crossed'] as const)) {
    const tried = best.penalties[name];
    for (const direction of [1, -1]) {
      for (let n = strengths.indexOf(tried) + direction; strengths[n] !== undefined; n += direction) {
        const found = attempt({ ...best.penalties, [name]: strengths[n] }, best.coefficients);
        await letOthersRun();
        if (found.loss >= best.loss) break;
        best = found;
      }
      progress(0.5 + ++done / 8);
      if (best.penalties[name] !== tried) break;
    }
  }
  return {
    penalties: best.penalties,
    calibration: calibrate(best.logits, held.isTaken, held.answered),
    directions,
    coefficients: best.coefficients,
  };

  function attempt(penalties: Penalties, start?: Coefficients) {
    const coefficients = fitRegression({ ...task, rows: training }, penalties, searchIterations, start);
    const logits = logitsOf(held, coefficients.ofActions());
    let loss = 0;
    for (let row = 0; row < held.count; row++)
      loss += lossOf(logits[row], held.isTaken[row] === 1, held.answered[row]).loss;
    return { penalties, coefficients, logits, loss };
  }
}

/** Draws users by the seed: who holds no more rows than are needed to choose by trains, or is held out. */
function drawUsers(users: Uint32Array, seed: number): (user: number) => 'training' | 'held out' | 'neither' {
  const random = uniforms(seed);
  const used = Math.min(mostRows / users.length, 1);
  const drawn = new Map<number, ReturnType<ReturnType<typeof drawUsers>>>();
  for (const user of users) {
    if (drawn.has(user)) continue;
    const at = random();
    drawn.set(user, at < used * validationShare ? 'held out' : at < used ? 'training' : 'neither');
  }
  return (user) => drawn.get(user) ?? 'neither';
}

export function selectRows(rows: RegressionRows, isWanted: (row: number) => boolean): RegressionRows {
  const wanted = Uint32Array.from({ length: rows.count }, (_, row) => row).filter(isWanted);
  const { width } = rows;
  const features = new Float32Array(wanted.length * width);
  wanted.forEach((row, n) => {
    features.set(rows.features.subarray(row * width, (row + 1) * width), n * width);
  });
  return {
    count: wanted.length,
    width,
    features,
    actions: wanted.map((row) => rows.actions[row]),
    isTaken: Uint8Array.from(wanted, (row) => rows.isTaken[row]),
    answered: Float32Array.from(wanted, (row) => rows.answered[row]),
  };
}
