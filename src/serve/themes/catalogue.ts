import type { ItemRecords } from '../../data/records/item-records.ts';
import type { SentenceEncoder } from '../../learn/features/sentence-encoder.ts';
import { type ItemNoun, itemNoun, nounOfColumns } from './item-nouns.ts';
import { termsOf } from './item-terms.ts';
import { Cosines, fitVectors, type ItemVectors } from './item-vectors.ts';
import { TermSketch } from './term-counts.ts';
import { type ThemeColumns, type ThemeItem, themeItem, wholeText } from './theme-columns.ts';
import { tokensOf } from './tokens.ts';

/** Items that stand for the catalogue: how frequent a term is follows from them well enough. */
const sampledItems = 10_000;
/** Of these each two are compared, to know how alike items are that have nothing to do with each other. */
const comparedItems = 256;
/** Of two items' cosines so many are smaller than that from which items belong together. */
const apart = 0.9;
/** Items are called by a noun that so many of their texts have. */
const namedShare = 0.2;

/** What a list is compared to: the whole of the items. */
export type Catalogue = {
  readonly columns: ThemeColumns;
  /** Items with each term (`termsOf`), in a sample. */
  readonly counts: TermSketch;
  readonly vectors: ItemVectors;
  readonly cosines: Cosines;
  /** The cosine from which items belong together. */
  readonly likeness: number;
  /** What its items are called, if that is known. */
  readonly noun: ItemNoun | undefined;
};

/** Learns about a catalogue from a sample of its items, in bounded memory. */
export async function readCatalogue(
  records: Pick<ItemRecords, 'sample'>,
  columns: ThemeColumns,
  allColumns: readonly string[],
  encoder?: SentenceEncoder,
): Promise<Catalogue> {
  const { rowCount, rows } = await records.sample(sampledItems);
  const sample = {
    rowCount,
    async *rows() {
      for await (const [id, record] of rows()) yield themeItem(columns, id, record);
    },
  };
  const counts = new TermSketch();
  const nouns = new Map<ItemNoun, number>();
  for await (const item of sample.rows()) {
    const tokens = tokensOf(wholeText(item));
    counts.add(termsOf(item, tokens));
    for (const noun of new Set(tokens.map(({ stem }) => itemNoun(stem)))) {
      if (noun) nouns.set(noun, (nouns.get(noun) ?? 0) + 1);
    }
  }
  const [frequent] = [...nouns]
    .filter(([, count]) => count >= namedShare * rowCount)
    .sort(([a, count], [b, other]) => Number(a.isVague) - Number(b.isVague) || other - count);
  const vectors = await fitVectors(sample, columns, encoder);
  const cosines = new Cosines(vectors.mean);
  const likeness = await likenessOf(sample.rows(), vectors, cosines);
  return { columns, counts, vectors, cosines, likeness, noun: nounOfColumns(allColumns) ?? frequent?.[0] };
}

async function likenessOf(rows: AsyncIterable<ThemeItem>, vectors: ItemVectors, cosines: Cosines): Promise<number> {
  const items: ThemeItem[] = [];
  for await (const item of rows) {
    if (items.push(item) === comparedItems) break;
  }
  const all = cosines.between(await vectors.of(items));
  const pairs = all.filter((_, n) => Math.floor(n / items.length) < n % items.length).sort();
  return pairs[Math.floor(apart * pairs.length)] ?? 0;
}
