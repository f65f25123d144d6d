import type { DatasetSchema } from '../dataset-schema.ts';
import type { CsvFile } from './csv-file.ts';
import { ImportError } from './import-error.ts';

/**
 * Which column of a file each field of the schema is: the one of its name or, where none is, of its name in another
 * case.
 *
 * @throws ImportError that names the columns that are missing, or are there twice.
 */
export function columnIndexes(
  { header, uri }: Pick<CsvFile, 'header' | 'uri'>,
  { fields }: DatasetSchema,
): readonly number[] {
  const columns = fields.map(({ name }) => ({ name, indexes: indexesOf(name, header) }));
  const missing = columns.filter(({ indexes }) => indexes.length === 0).map(({ name }) => name);
  if (missing.length > 0) {
    const found = header.slice(0, 50).join(',').slice(0, 500);
    const text = `Input CSV is missing the following columns:[${missing.join(', ')}]. The first line of ${uri} is ${JSON.stringify(found)}`;
    throw new ImportError(`${text}${hint(missing, header)}.`);
  }
  return columns.map(({ name, indexes: [index = -1, another] }) => {
    if (another === undefined) return index;
    throw new ImportError(`The first line of ${uri} names the column ${name} more than once.`);
  });
}

function indexesOf(name: string, header: readonly string[]): number[] {
  const all = [...header.keys()];
  const exact = all.filter((index) => header[index] === name);
  return exact.length > 0 ? exact : all.filter((index) => header[index]?.toUpperCase() === name.toUpperCase());
}

const separators = [
  [';', 'semicolons'],
  ['\t', 'tabs'],
  ['|', 'bars'],
] as const;

function hint(missing: readonly string[], header: readonly string[]): string {
  const line = header.join(',').toUpperCase();
  const separator = separators.find(([character]) =>
    missing.every((name) =>
      line.split(character).some((cell) => cell.trim().replaceAll('"', '') === name.toUpperCase()),
    ),
  );
  if (separator) return `, separated by ${separator[1]}: separate the values of all lines by commas`;
  const near = missing.flatMap((name) => header.filter((cell) => cell.trim().toUpperCase() === name.toUpperCase()));
  if (near.length === 0) return '';
  return `, and ${near.map((cell) => JSON.stringify(cell)).join(', ')} must be spelled as in the schema`;
}
