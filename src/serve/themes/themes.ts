import type { DatasetSchema } from '../../data/dataset-schema.ts';
import type { FilePath } from '../../data/encryption/file-path.ts';
import { ItemRecords } from '../../data/records/item-records.ts';
import type { SentenceEncoder } from '../../learn/features/sentence-encoder.ts';
import { type Catalogue, readCatalogue } from './catalogue.ts';
import { describeList } from './describe-list.ts';
import { EndpointTitles } from './endpoint-titles.ts';
import { type NamedTheme, nameGroup, termsOfTitle } from './local-theme.ts';
import { type ThemeItem, themeColumns, themeItem } from './theme-columns.ts';
import type { ThemeEndpoint } from './theme-endpoint.ts';

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
  /** Writes titles in place of the local method, which stands in where it gives none. */
  readonly endpoint?: ThemeEndpoint | undefined;
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

/** A folder holds no sentence encoder that can be used; the message is a sentence. */
export class TextEncoderError extends Error {
  override name = 'TextEncoderError';
}

/** Items whose texts are in memory at once. */
const itemsAtOnce = 4096;
/** Lists that wait for titles of an endpoint at once. */
const listsAtOnce = 4;

/** Records of an Items dataset. */
type Records = Pick<ItemRecords, 'of' | 'sample'> & Disposable;

const noRecords: Records = {
  of: async () => new Map(),
  sample: async () => ({ rowCount: 0, async *rows() {} }),
  [Symbol.dispose]() {},
};

export type ThemesOptions = {
  /** For what does not fit into memory; the caller removes it. */
  readonly temporaryFolder: string;
  /** Takes sentences for the log, which hold nothing of the items. */
  readonly notify?: ((note: string) => void) | undefined;
};

/** Finds and names what lists of items have in common. */
export class Themes implements AsyncDisposable {
  readonly #records: Records;
  readonly #catalogue: Catalogue;
  readonly #encoder: SentenceEncoder | undefined;
  readonly #titles: EndpointTitles | undefined;

  private constructor(
    records: Records,
    catalogue: Catalogue,
    encoder: SentenceEncoder | undefined,
    titles: EndpointTitles | undefined,
  ) {
    this.#records = records;
    this.#catalogue = catalogue;
    this.#encoder = encoder;
    this.#titles = titles;
  }

  /**
   * Reads a sample of the catalogue to compare lists to. The same files give the same themes, unless an endpoint writes
   * the titles.
   *
   * @throws TextEncoderError
   */
  static async open(task: ThemeTask, { temporaryFolder, notify = () => {} }: ThemesOptions): Promise<Themes> {
    const { files, schema, itemName, columns, textEncoder, endpoint } = task;
    const encoder = textEncoder === undefined ? undefined : await openEncoder(textEncoder);
    const records = files.length === 0 ? noRecords : await ItemRecords.open({ files, schema, temporaryFolder });
    try {
      const names = schema.fields.map(({ name }) => name);
      const catalogue = await readCatalogue(records, themeColumns(schema, itemName, columns), names, encoder);
      return new Themes(records, catalogue, encoder, endpoint && new EndpointTitles(endpoint, notify));
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
      const items = lists
        .slice(begin, end)
        .map((list) => list.map((id) => themeItem(this.#catalogue.columns, id, records.get(id))));
      for (let next = 0; next < items.length; next += listsAtOnce) {
        const some = items.slice(next, next + listsAtOnce);
        themes.push(...(await Promise.all(some.map((list) => this.#themeOf(list)))));
      }
      begin = end;
    }
    this.#titles?.report();
    return themes;
  }

  async #themeOf(items: readonly ThemeItem[]): Promise<Theme> {
    const { title, order, relevances } = await describeList(items, this.#catalogue, (group) => this.#nameOf(group));
    return { theme: title, items: order.map((n) => items[n].id), relevances };
  }

  async #nameOf(items: readonly ThemeItem[]): Promise<NamedTheme> {
    const title = await this.#titles?.titleOf(items);
    return title === undefined ? nameGroup(items, this.#catalogue) : { title, terms: termsOfTitle(title) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#records[Symbol.dispose]();
    await this.#encoder?.release();
  }
}

async function openEncoder(folder: string): Promise<SentenceEncoder> {
  try {
    // With it comes an engine that jobs without an encoder do without.
    const { openSentenceEncoder } = await import('../../learn/features/sentence-encoder.ts');
    return await openSentenceEncoder(folder);
  } catch (cause) {
    throw new TextEncoderError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
