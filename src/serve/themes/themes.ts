import type { DatasetSchema } from '../../data/dataset-schema.ts';
import type { FilePath } from '../../data/encryption/file-path.ts';
import { ItemRecords } from '../../data/records/item-records.ts';
import { openSentenceEncoder, type SentenceEncoder } from '../../learn/features/sentence-encoder.ts';
import { type Catalogue, readCatalogue } from './catalogue.ts';
import { coherentCluster } from './coherent-cluster.ts';
import { nameGroup, namelessTheme } from './local-theme.ts';
import { relevances } from './relevance.ts';
import { type ThemeItem, themeColumns, themeItem } from './theme-columns.ts';

/** What themes are made from; plain JSON. */
export type ThemeTask = {
  /** Parquet files of the Items dataset, oldest first. */
  readonly files: readonly FilePath[];
  readonly schema: DatasetSchema;
  /** The column that holds the items' names. */
  readonly itemName: string;
  /** Columns that may be read; all unless given. */
  readonly columns?: readonly string[] | undefined;
  /** Folder of a sentence encoder; without, texts are compared by their words. */
  readonly textEncoder?: string | undefined;
};

/** What the items of a list have in common. */
export type Theme = {
  /** A title: one line of plain English, 60 characters at most, without a full stop. */
  readonly theme: string;
  /** The items of the list, those that fit best first. */
  readonly items: readonly string[];
  /** How well each of `items` fits, −1 to 1, in 7 decimals. */
  readonly relevances: readonly number[];
};

/** Items whose texts are in memory at once. */
const itemsAtOnce = 4096;

/** Finds and names what lists of items have in common. */
export class Themes implements AsyncDisposable {
  readonly #records: ItemRecords;
  readonly #catalogue: Catalogue;
  readonly #encoder: SentenceEncoder | undefined;

  private constructor(records: ItemRecords, catalogue: Catalogue, encoder: SentenceEncoder | undefined) {
    this.#records = records;
    this.#catalogue = catalogue;
    this.#encoder = encoder;
  }

  /**
   * Reads a sample of the catalogue to compare lists to. The same files give the same themes.
   *
   * @param temporaryFolder for what does not fit into memory; the caller removes it
   * @throws Error in one sentence for a folder without a sentence encoder
   */
  static async open(task: ThemeTask, temporaryFolder: string): Promise<Themes> {
    const { files, schema, itemName, columns, textEncoder } = task;
    const encoder = textEncoder === undefined ? undefined : await openSentenceEncoder(textEncoder);
    const records = await ItemRecords.open({ files, schema, temporaryFolder });
    try {
      const names = schema.fields.map(({ name }) => name);
      const catalogue = await readCatalogue(records, themeColumns(schema, itemName, columns), names, encoder);
      return new Themes(records, catalogue, encoder);
    } catch (error) {
      records[Symbol.dispose]();
      await encoder?.release();
      throw error;
    }
  }

  /**
   * The themes of lists of items, each as its items are recommended. An item that is not in the dataset fits no title.
   */
  async of(lists: readonly (readonly string[])[]): Promise<Theme[]> {
    const themes: Theme[] = [];
    for (let begin = 0; begin < lists.length; ) {
      const ids = new Set(lists[begin]);
      let end = begin + 1;
      for (; end < lists.length && ids.size + lists[end].length <= itemsAtOnce; end++) {
        for (const id of lists[end]) ids.add(id);
      }
      const records = await this.#records.of(ids);
      for (const list of lists.slice(begin, end)) {
        themes.push(await this.#themeOf(list.map((id) => themeItem(this.#catalogue.columns, id, records.get(id)))));
      }
      begin = end;
    }
    return themes;
  }

  async #themeOf(items: readonly ThemeItem[]): Promise<Theme> {
    if (items.length === 0) return { theme: namelessTheme, items: [], relevances: [] };
    const { vectors, cosines, likeness } = this.#catalogue;
    const itemVectors = await vectors.of(items);
    const members = groupOf(coherentCluster(cosines.between(itemVectors), items.length, likeness), items.length);
    const { title, terms } = nameGroup(
      members.map((n) => items[n]),
      this.#catalogue,
    );
    const fits = relevances(items, itemVectors, members, terms, this.#catalogue);
    const order = Array.from(items.keys()).sort((a, b) => fits[b] - fits[a] || a - b);
    return { theme: title, items: order.map((n) => items[n].id), relevances: order.map((n) => fits[n]) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#records[Symbol.dispose]();
    await this.#encoder?.release();
  }
}

/** A cluster of few of the items says nothing about the list: all of them are the group then. */
const groupOf = (members: readonly number[], itemCount: number) =>
  members.length >= Math.min(3, itemCount) ? members : Array.from({ length: itemCount }, (_, n) => n);
