import type { Cell, FeatureColumn } from './column.ts';

/** Between the levels of a chain; no value of a file or a record holds it. */
const separator = '\u001f';

/** Columns of one hierarchy from the first level on, by their positions in a row. */
type Hierarchy = readonly number[];

/**
 * Adds the chains of category hierarchies to the values of a row (spec domains.md §4.5): the values of the levels, such
 * as CATEGORY_L1, CATEGORY_L2 and CATEGORY_L3, belong together by their position. Each value below the first level also
 * comes with those above it, as a value of its own: computers below electronics are other things than below office.
 *
 * @returns undefined where no two columns are levels of one hierarchy
 */
export function chainsOf(columns: readonly FeatureColumn[]): ((cells: readonly Cell[]) => readonly Cell[]) | undefined {
  const hierarchies = ['CATEGORY', 'GENRE'].map((name) => levelsOf(name, columns)).filter(({ length }) => length > 1);
  if (hierarchies.length === 0) return undefined;
  return (cells) => {
    const chained = [...cells];
    for (const hierarchy of hierarchies) addChains(hierarchy, cells, chained);
    return chained;
  };
}

function levelsOf(name: string, columns: readonly FeatureColumn[]): Hierarchy {
  const levels: number[] = [];
  for (;;) {
    const next = levels.length + 1;
    const names = name === 'GENRE' && next === 1 ? ['GENRES', 'GENRE_L1'] : [`${name}_L${next}`];
    const at = columns.findIndex((column) => column.kind === 'categorical' && names.includes(column.name));
    if (at < 0) return levels;
    levels.push(at);
  }
}

function addChains(hierarchy: Hierarchy, cells: readonly Cell[], chained: Cell[]): void {
  // By position, the values of the levels so far; undefined where a level has none.
  let above: (string | undefined)[] | undefined;
  for (const column of hierarchy) {
    const cell = cells[column];
    const values = typeof cell === 'string' ? cell.split('|').map((value) => value.trim()) : [];
    const chains = values.map((value, position) => {
      if (value === '' || above === undefined) return value || undefined;
      const parent = above[position];
      return parent && `${parent}${separator}${value}`;
    });
    if (above && values.length > 0) chained[column] = [...values, ...chains.filter((chain) => chain)].join('|');
    above = chains;
  }
}
