import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDuckDb, sqlString } from '../../src/data/engine/duckdb.ts';
import { ItemRecords } from '../../src/data/records/item-records.ts';
import { readCatalogue } from '../../src/serve/themes/catalogue.ts';
import { describeList } from '../../src/serve/themes/describe-list.ts';
import { termsOf } from '../../src/serve/themes/item-terms.ts';
import { nameGroup } from '../../src/serve/themes/local-theme.ts';
import { plantedCatalogue } from '../../src/serve/themes/planted-catalogue.fixture.ts';
import { type ThemeItem, themeColumns, themeItem } from '../../src/serve/themes/theme-columns.ts';
import { filmRow, filmSchema, openThemes } from '../../src/serve/themes/themes.fixture.ts';
import { Themes } from '../../src/serve/themes/themes.ts';
import type { BenchOptions, BenchResult } from '../result.ts';
import { Stopwatch } from '../stopwatch.ts';
import { type FilmLists, filmLists } from './film-lists.ts';

/** Of the items of a list, so many are of its topic; each of these says each thing of the topic nine times in ten. */
const list = { items: 25, ofTopic: 18, said: 0.9 };
const topicCount = 48;
const perTopic = 60;
/** How many titles name genre, phrase and decade of their topic, and how many of the first 18 items are of it. */
const least = { named: 0.9, purity: 0.95 };
const realLists = 300;
const shownLists = 5;

/**
 * Titles and relevance of lists whose topic is known, on made-up films; how long they take in a large catalogue; and
 * how well titles fit lists of real films, where `--data` names a folder with data sets of them.
 */
export async function benchThemes({ quick, data }: BenchOptions): Promise<BenchResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'themes-'));
  try {
    const results = [...(await plantedTopics(folder)), ...(await largeCatalogue(folder, quick ? 20_000 : 1_000_000))];
    for (const films of data === undefined ? [] : await filmLists(data, folder, quick ? 30 : realLists)) {
      results.push(...(await realFilms(films, folder)));
    }
    return results;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function plantedTopics(folder: string): Promise<BenchResult[]> {
  const { topics, items } = plantedCatalogue(topicCount, perTopic, 1, list.said);
  const topicOf = new Map(items.map(({ id, topic }) => [id, topic]));
  const lists = topics.map((_, topic) => {
    const members = items.filter((item) => item.topic === topic).slice(0, list.ofTopic);
    const others = items.filter((item) => item.topic !== topic).slice(7 * topic, 7 * topic + list.items - list.ofTopic);
    return [...members, ...others].map(({ id }) => id);
  });
  await using themes = await openThemes(folder, filmSchema, items.map(filmRow));
  const found = await themes.of(lists);
  const named = found.map(({ theme }, n) => topics[n]?.names.filter((name) => name.test(theme)).length ?? 0);
  const pure = found.map(
    (theme, n) => theme.items.slice(0, list.ofTopic).filter((id) => topicOf.get(id) === n).length / list.ofTopic,
  );
  const detail = `${topicCount} topics, ${list.ofTopic} of ${list.items} items of a list are of its topic, each thing that a topic is said of ${100 * list.said} % of its items`;
  const twoNamed = named.filter((count) => count >= 2).length / topicCount;
  return [
    {
      name: 'batch: themes, titles that name genre, phrase and decade',
      value: named.filter((count) => count === 3).length / topicCount,
      unit: 'of all',
      least: least.named,
      detail: `${detail}; two of the three: ${twoNamed.toFixed(2)}; such as ${found[0]?.theme}`,
    },
    {
      name: `batch: themes, items of the topic among the ${list.ofTopic} most relevant`,
      value: mean(pure),
      unit: 'of all',
      least: least.purity,
      detail,
    },
  ];
}

async function largeCatalogue(folder: string, itemCount: number): Promise<BenchResult[]> {
  const path = join(folder, 'large.parquet');
  {
    using duckDb = await openDuckDb({ memoryBytes: 2 ** 30, temporaryFolder: join(folder, 'spilled') });
    const words = `list_transform(range(60), lambda w: 'word' || (hash(i * 60 + w) % 20000)::VARCHAR)`;
    await duckDb.run(
      `COPY (
         SELECT 'i' || i AS ITEM_ID, 'Film ' || i AS TITLE, 'Genre' || chr((97 + i % 20)::INTEGER) AS GENRES,
           1920 + i % 100 AS YEAR, 'A film about ' || array_to_string(${words}, ' ') AS DESCRIPTION
         FROM range(${itemCount}) AS items(i)
       ) TO ${sqlString(path)} (FORMAT parquet)`,
    );
  }
  const watch = new Stopwatch();
  const task = { files: [path], schema: filmSchema, itemName: 'TITLE' };
  await using themes = await Themes.open(task, { temporaryFolder: join(folder, 'opened') });
  const opening = watch.lap();
  const lists = Array.from({ length: 100 }, (_, n) =>
    Array.from({ length: list.items }, (_, m) => `i${(n * 9973 + 20 * m) % itemCount}`),
  );
  await themes.of(lists);
  const naming = watch.lap();
  const detail = `${itemCount.toLocaleString('en')} items of 60 words`;
  return [
    { name: 'batch: themes, reading the catalogue', value: opening.seconds, unit: 's', detail },
    {
      name: 'batch: themes, a file of 100 lists',
      value: naming.seconds,
      unit: 's',
      detail: `${detail}, ${list.items} items a list, ${naming.cpuSeconds.toFixed(1)} s of processor time`,
    },
  ];
}

/** How many items all of a title holds for, in the list and in the catalogue. */
async function realFilms({ dataset, path, schema, lists }: FilmLists, folder: string): Promise<BenchResult[]> {
  const temporaryFolder = join(folder, dataset);
  await mkdir(temporaryFolder, { recursive: true });
  using records = await ItemRecords.open({ files: [path], schema, temporaryFolder });
  const columns = themeColumns(schema, 'TITLE');
  const catalogue = await readCatalogue(records, columns, []);
  const all: ReadonlySet<string>[] = [];
  const sample = await records.sample(10_000);
  for await (const [id, record] of sample.rows()) all.push(new Set(termsOf(themeItem(columns, id, record))));
  const shares = { list: [] as number[], catalogue: [] as number[] };
  const titles: string[] = [];
  const known = await records.of(lists.flat());
  for (const ids of lists) {
    const items: ThemeItem[] = ids.map((id) => themeItem(columns, id, known.get(id)));
    const { title, terms } = await describeList(items, catalogue, (group) => nameGroup(group, catalogue));
    titles.push(title);
    if (terms.length === 0) continue;
    const holds = (having: ReadonlySet<string>) => terms.every((term) => having.has(term));
    shares.list.push(items.filter((item) => holds(new Set(termsOf(item)))).length / items.length);
    shares.catalogue.push(all.filter(holds).length / all.length);
  }
  const shown = titles.slice(0, shownLists).join('; ');
  return [
    {
      name: `batch: themes, items of a list that its title is true for, ${dataset}`,
      value: mean(shares.list),
      unit: 'of all',
      detail: `${lists.length} lists of ${list.items} films watched together, by genre, year and name; of the catalogue ${mean(shares.catalogue).toFixed(3)}; ${new Set(titles).size} different titles, ${titles.length - shares.list.length} without a theme; such as ${shown}`,
    },
  ];
}

const mean = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
