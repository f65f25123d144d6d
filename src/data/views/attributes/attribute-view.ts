import type { LocalCopy } from '../../objects/object-store.ts';
import { type Column, decodeLines, type Layout } from '../../records/layout.ts';
import type { LogEntry } from '../../records/record-log.ts';
import type { Snapshot, View } from '../view.ts';
import { AttributeTable, type AttributeTableOptions } from './attribute-table.ts';
import { addRowsFromFile, fillFromFiles } from './fill.ts';

export type AttributeViewOptions = AttributeTableOptions & {
  /** The dataset; without one there are only the rows that are added. */
  readonly datasetArn?: string | undefined;
  /** The columns that were asked for, whether the schema has them or not. */
  readonly asked: ReadonlySet<string>;
  /** A Parquet file whose column ID lists the ids of the first rows, in their order; undefined if it is gone. */
  readonly firstIds?: (() => Promise<LocalCopy | undefined>) | undefined;
};

/** The attributes of a dataset's items or users as a view: those of its files, then those of its record log. */
export class AttributeView implements View {
  readonly attributes: AttributeTable;
  readonly #options: AttributeViewOptions;
  /** By layout the index of each column in it. */
  readonly #indexes = new Map<Layout, ReadonlyMap<string, number>>();

  constructor(options: AttributeViewOptions) {
    this.#options = options;
    this.attributes = new AttributeTable(options);
  }

  get bytes(): number {
    return this.attributes.bytes;
  }

  /** Whether it has these columns, as far as there are such. */
  answersFor(columns: readonly string[]): boolean {
    return columns.every((column) => this.#options.asked.has(column));
  }

  async read({ of, temporaryFolder }: Snapshot, signal: AbortSignal): Promise<void> {
    const { datasetArn, firstIds } = this.#options;
    {
      await using ids = await firstIds?.();
      if (ids) await addRowsFromFile(this.attributes, ids, { temporaryFolder, signal });
    }
    if (datasetArn === undefined) return;
    const { files } = of(datasetArn);
    await fillFromFiles(this.attributes, { files, temporaryFolder, signal });
  }

  apply({ body }: LogEntry, layout: Layout): void {
    const indexes = this.#indexesIn(layout);
    for (const values of decodeLines(body)) {
      const textOf = (column: string) => values[indexes.get(column) ?? -1] ?? '';
      this.attributes.put(textOf(this.attributes.idColumn), textOf);
    }
  }

  #indexesIn(layout: Layout): ReadonlyMap<string, number> {
    const known = this.#indexes.get(layout);
    if (known) return known;
    // Until this view is replaced, it may hear of another dataset of the name, whose columns have other types.
    const { idColumn, fields } = this.#options;
    const isHeld = ({ name, type }: Column) =>
      name === idColumn || fields.some((field) => field.name === name && field.type === type);
    const indexed = layout.map((column, index) => ({ column, index })).filter(({ column }) => isHeld(column));
    const indexes = new Map(indexed.map(({ column, index }) => [column.name, index]));
    this.#indexes.set(layout, indexes);
    return indexes;
  }
}
