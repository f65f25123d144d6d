import type { NumberRows, RowColumn, Rows, TextRows } from '../src/data/views/attributes/columns.ts';
import { FlatCells } from '../src/data/views/attributes/flat-cells.ts';
import { uniforms } from '../src/learn/kernels/random.ts';
import { bindFilter } from '../src/serve/filters/bind.ts';

import { readFilter } from '../src/serve/filters/checker.ts';
import { CompiledFilter } from '../src/serve/filters/compiled-filter.ts';
import type { FilterValues } from '../src/serve/filters/filter-values.ts';
import { expressionLength, parseFilter } from '../src/serve/filters/parser.ts';
import { RowMask } from '../src/serve/filters/row-mask.ts';
import type { FilterRequest } from '../src/serve/filters/where-mask.ts';
import { benchFilteredAnswers } from './filtered-answers.ts';
import { median, quantile } from './median.ts';
import type { BenchOptions, BenchResult } from './result.ts';

const limits = { request: { p50: 1, p99: 3 }, compile: 200, parse: 5 };
const genres = Array.from({ length: 20 }, (_, n) => `genre-${n}`);
const brandCount = 50_000;
const bought = 100;

const field = (name: string, type: 'string' | 'int' | 'float' | 'long', categorical = false) => ({
  name,
  type,
  categorical,
  textual: false,
});
const schemas = {
  ITEMS: {
    fields: [
      field('GENRES', 'string', true),
      field('TAGS', 'string', true),
      field('BRAND', 'string'),
      field('PRICE', 'float'),
      field('YEAR', 'int'),
      field('CREATION_TIMESTAMP', 'long'),
    ],
  },
  INTERACTIONS: { fields: [field('EVENT_TYPE', 'string')] },
};

const alreadyBought = 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("buy")';
const three = 'Items.GENRES IN ($G) AND Items.PRICE <= $MAX AND Items.YEAR >= $SINCE';

export const benchFilters = async (options: BenchOptions): Promise<BenchResult[]> => [
  ...benchLanguage(options),
  ...(await benchFilteredAnswers(options)),
];

/** The language without a server around it: what reading, compiling and evaluating cost, on one thread. */
function benchLanguage({ quick }: BenchOptions): BenchResult[] {
  const count = quick ? 50_000 : 1_000_000;
  const rounds = quick ? 20 : 400;
  const rows = drawRows(count);
  const random = uniforms(2);
  const request: FilterRequest = {
    events: new Map([['buy', Array.from({ length: bought }, () => Math.floor(random() * count))]]),
    user: undefined,
    currentItem: undefined,
  };
  const evaluation = (expression: string, values: (round: number) => FilterValues) => {
    const compiled = new CompiledFilter(readFilter(expression, schemas), rows);
    const kept = new RowMask(count);
    return timed(rounds, (round) => compiled.evaluate(values(round), request, kept));
  };
  const detail = `${count.toLocaleString('en')} rows, ${rounds} times with other values, 1 thread`;
  const result = (name: string, times: readonly number[], more: Partial<BenchResult> = {}): BenchResult => ({
    name: `filters: ${name}`,
    value: median(times),
    unit: 'ms',
    detail: `${detail}; p10 ${quantile(times, 0.1).toPrecision(3)} ms`,
    ...more,
  });

  const whole = evaluation(`INCLUDE ItemID WHERE ${three} | ${alreadyBought}`, valuesOfThree);
  const masked = evaluation(
    `INCLUDE ItemID WHERE ${three.replace('GENRES', 'TAGS')} | ${alreadyBought}`,
    valuesOfThree,
  );
  const reading = timed(1000, () => parseFilter(longest));
  const single = (condition: string, values: (round: number) => FilterValues) =>
    evaluation(`INCLUDE ItemID WHERE ${condition}`, values);
  return [
    result('three predicates with placeholders and what was bought, p50', whole, { limit: limits.request.p50 }),
    result('the same, p99', whole, { value: quantile(whole, 0.99), limit: limits.request.p99 }),
    result('the same where genres have masks, p50', masked),
    result('genres, several an item', single('Items.GENRES IN ($G)', valuesOfThree)),
    result('the same with masks', single('Items.TAGS IN ($G)', valuesOfThree)),
    result(`one of ${brandCount.toLocaleString('en')} brands`, single('Items.BRAND = $B', brands(1))),
    result('twenty of them', single('Items.BRAND IN ($B)', brands(20))),
    result('price, a float', single('Items.PRICE <= $MAX', valuesOfThree)),
    result('range of years, integers', single('Items.YEAR >= $SINCE AND Items.YEAR < 2020', valuesOfThree)),
    result(
      'time, 64-bit integers',
      single('Items.CREATION_TIMESTAMP > $T', (round) => ({ T: `${1e9 + round}` })),
    ),
    result(
      'compile, all of it constant',
      timed(20, (round) => new CompiledFilter(readFilter(constant(round), schemas), rows)),
      { limit: limits.compile },
    ),
    result('read 2,500 characters', reading, { limit: limits.parse }),
    result(
      'bind four values',
      timed(1000, (round) => bindFilter(boundFilter, valuesOfThree(round))),
    ),
  ];
}

const constant = (round: number) =>
  `INCLUDE ItemID WHERE Items.GENRES IN ("genre-1", "genre-2") AND Items.PRICE <= ${round} AND Items.YEAR >= 2000`;

const boundFilter = readFilter(`INCLUDE ItemID WHERE ${three}`, schemas);

const valuesOfThree = (round: number): FilterValues => ({
  G: `"${genres[round % 20]}","${genres[(round + 7) % 20]}"`,
  MAX: `"${20 + (round % 50)}"`,
  SINCE: `${1990 + (round % 20)}`,
});

const brands = (many: number) => (round: number) => ({
  B: Array.from({ length: many }, (_, n) => `"brand-${(round * 31 + n * 2501) % brandCount}"`).join(),
});

const longest = (() => {
  const clause =
    'INCLUDE ItemID WHERE Items.GENRES IN ("a", "b", \'c\') AND Items.YEAR >= -1.5e3 IF CurrentUser.AGE > $A';
  return Array.from({ length: Math.floor(expressionLength / (clause.length + 3)) }, () => clause).join(' | ');
})();

/** Milliseconds of each round after the first ones, which warm up. */
function timed(rounds: number, work: (round: number) => unknown): number[] {
  const times: number[] = [];
  for (let round = -Math.ceil(rounds / 2); round < rounds; round++) {
    const began = performance.now();
    work(round + rounds);
    if (round >= 0) times.push(performance.now() - began);
  }
  return times;
}

/** One in twenty cells is missing. An item has up to three genres. */
function drawRows(count: number): Rows {
  const random = uniforms(1);
  const draw = (below: number) => Math.floor(random() * below);
  const text = (categorical: boolean, cell: () => string): TextRows => {
    const cells = new FlatCells(categorical);
    const codes = new Uint16Array(count).map(() => (random() < 0.05 ? 0 : cells.code(cell())));
    return { kind: 'text', codes, cells };
  };
  const numbers = (values: NumberRows['values']): NumberRows => {
    const present = new Uint32Array(Math.ceil(count / 32)).map(() => 2 ** 32 * random());
    return { kind: 'number', values, present: present.map((bits) => bits | (2 ** 32 * random())) };
  };
  const GENRES = text(true, () => [...new Set(Array.from({ length: 1 + draw(3) }, () => genres[draw(20)]))].join('|'));
  const columns = {
    GENRES,
    TAGS: { ...GENRES, masks: masksOf(GENRES) },
    BRAND: text(false, () => `brand-${draw(brandCount)}`),
    PRICE: numbers(new Float32Array(count).map(() => draw(10_000) / 100)),
    YEAR: numbers(new Int32Array(count).map(() => 1950 + draw(75))),
    CREATION_TIMESTAMP: numbers(new BigInt64Array(count).map(() => BigInt(1e9 + draw(7e8)))),
  };
  const found = new Map<string, RowColumn>(Object.entries(columns));
  return { count, column: (name) => found.get(name) };
}

function masksOf({ codes, cells }: TextRows): Map<string, Uint32Array> {
  const masks = new Map(genres.map((genre) => [genre, new RowMask(codes.length)]));
  codes.forEach((code, row) => {
    if (code > 0) for (const genre of cells.valuesOf(code)) masks.get(genre)?.add(row);
  });
  return new Map(Array.from(masks, ([genre, { words }]) => [genre, words]));
}
