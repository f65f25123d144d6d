import {
  type Histories,
  type History,
  historyOf,
  lengthOf,
  sliceHistory,
  userCount,
} from '../../../histories/histories.ts';
import type { InteractionColumn } from '../../../histories/interaction-columns.ts';
import { drawTies } from '../../../histories/tie-order.ts';
import { uniforms } from '../../../kernels/random.ts';
import type { Weighting } from '../../../training/event-weights.ts';
import {
  type ColumnFeeds,
  conditionOf,
  emptyColumnFeeds,
  setCondition,
  setHappened,
} from '../encoder/column-inputs.ts';
import { gapsOf } from '../encoder/time-gaps.ts';

/** Rows of `length` interactions, flat. Padding has the weight 0 and the segment 0. */
export type Batch = {
  readonly users: Int32Array;
  readonly items: Int32Array;
  /** What came next. */
  readonly targets: Int32Array;
  readonly weights: Float32Array;
  readonly positions: Int32Array;
  readonly gaps: Int32Array;
  readonly segments: Int32Array;
} & ColumnFeeds;

/** Part of a history: the interactions [from, to), each with the next one to predict. */
type Window = { readonly user: number; readonly history: History; readonly from: number; readonly to: number };

/** Batches of an epoch, if every row were full. */
export function epochSteps(histories: Histories, { rows, length }: { readonly rows: number; readonly length: number }) {
  let pairs = 0;
  for (let user = 0; user < userCount(histories); user++) pairs += Math.max(0, lengthOf(histories, user) - 1);
  return Math.max(1, Math.ceil(pairs / (rows * length)));
}

/** Rows that are filled side by side, so that a short window finds a row that a long one left. */
const openRows = 64;

/**
 * An epoch: every interaction that has a next one, once, in batches of packed rows. Histories longer than a row are cut
 * at positions that differ from epoch to epoch, and interactions of one moment get a new order. The same seed and epoch
 * give the same batches.
 */
export function* batchesOf(
  histories: Histories,
  shape: { readonly rows: number; readonly length: number },
  seed: number,
  epoch: number,
  weightOf: Weighting = () => 1,
): Generator<Batch> {
  const random = uniforms(seed ^ Math.imul(epoch + 1, 0x9e3779b9));
  const chance = uniforms(seed ^ Math.imul(epoch + 1, 0x85ebca6b));
  const rows = pack(windowsOf(histories, shape.length, random), shape.length);
  let batch = emptyBatch(shape, histories.columns);
  let row = 0;
  for (const windows of rows) {
    fill(batch, row * shape.length, windows, { columns: histories.columns, weightOf, chance });
    row++;
    if (row < shape.rows) continue;
    yield batch;
    batch = emptyBatch(shape, histories.columns);
    row = 0;
  }
  if (row > 0) yield batch;
}

/** In random order of users. */
function* windowsOf(histories: Histories, length: number, random: () => number): Generator<Window> {
  const users = Uint32Array.from({ length: userCount(histories) }, (_, user) => user);
  for (let n = users.length - 1; n > 0; n--) {
    const other = Math.floor(random() * (n + 1));
    [users[n], users[other]] = [users[other], users[n]];
  }
  for (const user of users) {
    const history = drawTies(historyOf(histories, user), random);
    const end = history.items.length - 1;
    const first = end <= length ? end : 1 + Math.floor(random() * length);
    for (let from = 0, to = first; from < end; from = to, to = Math.min(from + length, end)) {
      yield { user, history, from, to };
    }
  }
}

/** Windows in rows, each in the first of the open rows that has room. */
function* pack(windows: Iterable<Window>, length: number): Generator<readonly Window[]> {
  const open: { windows: Window[]; room: number }[] = [];
  for (const window of windows) {
    const size = window.to - window.from;
    let row = open.find(({ room }) => room >= size);
    if (!row) {
      if (open.length === openRows) {
        const fullest = open.reduce((best, row) => (row.room < best.room ? row : best));
        open.splice(open.indexOf(fullest), 1);
        yield fullest.windows;
      }
      row = { windows: [], room: length };
      open.push(row);
    }
    row.windows.push(window);
    row.room -= size;
  }
  for (const row of open) yield row.windows;
}

function fill(
  batch: Batch,
  start: number,
  windows: readonly Window[],
  {
    columns,
    weightOf,
    chance,
  }: { readonly columns: readonly InteractionColumn[]; readonly weightOf: Weighting; readonly chance: () => number },
): void {
  let at = start;
  for (const [segment, { user, history, from, to }] of windows.entries()) {
    const { items, timestamps, codes } = history;
    const gaps = gapsOf(timestamps.subarray(from, to));
    setHappened(batch, columns, sliceHistory(history, from, to).codes, at);
    for (let n = from; n < to; n++, at++) {
      batch.users[at] = user;
      batch.items[at] = items[n];
      batch.targets[at] = items[n + 1];
      batch.weights[at] = weightOf(history, n + 1);
      batch.positions[at] = n - from;
      batch.gaps[at] = gaps[n - from];
      batch.segments[at] = segment + 1;
      setCondition(batch, columns, conditionOf(codes, n + 1, chance), at);
    }
  }
}

function emptyBatch(
  { rows, length }: { readonly rows: number; readonly length: number },
  columns: readonly InteractionColumn[],
): Batch {
  const integers = () => new Int32Array(rows * length);
  return {
    users: integers(),
    items: integers(),
    targets: integers(),
    weights: new Float32Array(rows * length),
    positions: integers(),
    gaps: integers(),
    segments: integers(),
    ...emptyColumnFeeds(columns, rows * length),
  };
}
