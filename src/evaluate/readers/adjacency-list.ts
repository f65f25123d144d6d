import { open } from 'node:fs/promises';
import { readBytes } from '../../data/import/csv-file.ts';

/**
 * Writes the interactions of a text file of one user a line, `user item item …` (the format of LightGCN's data sets),
 * as CSV. They have no times: all get 0, so that their order is that of the file.
 *
 * @throws ImportError if the file cannot be unpacked
 */
export async function adjacencyListToCsv(path: string, target: string): Promise<void> {
  await using csv = await open(target, 'w');
  await csv.write('USER_ID,ITEM_ID,TIMESTAMP\n');
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of readBytes({ path, uri: path, gzipped: path.endsWith('.gz') })) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    await csv.write(lines.map(csvRows).join(''));
  }
  await csv.write(csvRows(rest));
}

function csvRows(line: string): string {
  const [user, ...items] = line.split(/\s+/).filter(Boolean);
  return items.map((item) => `${quoted(user)},${quoted(item)},0\n`).join('');
}

const quoted = (id: string) => `"${id.replaceAll('"', '""')}"`;
