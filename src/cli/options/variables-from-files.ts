import { readFileSync } from 'node:fs';
import { isArgument, type OptionTable, variableOf } from './option.ts';

type Environment = Partial<Record<string, string>>;

/**
 * Sets variables whose values stand in files, as containers are given secrets: `OPENPERSONALIZE_DATABASE_FILE` is the
 * path of a file with the value of `OPENPERSONALIZE_DATABASE`.
 *
 * @throws Error with a sentence for a file that cannot be read, or a variable that is given both ways
 */
export function readVariableFiles(tables: readonly OptionTable[], environment: Environment): void {
  const records = tables.flatMap((table) => Object.values(table)).filter((record) => !isArgument(record));
  for (const variable of new Set(records.map(variableOf))) {
    const path = environment[`${variable}_FILE`];
    if (path === undefined) continue;
    if (environment[variable] !== undefined) throw new Error(`Give ${variable} or ${variable}_FILE, not both.`);
    environment[variable] = contentOf(path, `${variable}_FILE`);
  }
}

function contentOf(path: string, variable: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`The file that ${variable} names cannot be read: ${reason}`, { cause });
  }
}
