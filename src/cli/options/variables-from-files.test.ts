import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startOptions } from './server-options.ts';
import { readVariableFiles } from './variables-from-files.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openpersonalize-variables-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('variables in files', () => {
  it('have the text of the file without its end of line', async () => {
    const path = join(folder, 'url');
    await writeFile(path, 'postgres://a:b@c/d\n');
    const environment: Record<string, string> = { OPENPERSONALIZE_DATABASE_FILE: path };
    readVariableFiles([startOptions], environment);
    expect(environment.OPENPERSONALIZE_DATABASE).toBe('postgres://a:b@c/d');
  });

  it('are none of an option whose own name ends so', () => {
    const environment = { OPENPERSONALIZE_KEY_FILE: '/run/secrets/key' };
    readVariableFiles([startOptions], environment);
    expect(environment).toEqual({ OPENPERSONALIZE_KEY_FILE: '/run/secrets/key' });
  });

  it('are refused if the file is missing, or the variable is given too', () => {
    const missing = join(folder, 'missing');
    const read = (environment: Record<string, string>) => () => readVariableFiles([startOptions], environment);
    expect(read({ OPENPERSONALIZE_DATABASE_FILE: missing })).toThrow(
      /^The file that OPENPERSONALIZE_DATABASE_FILE names cannot be read: ENOENT/,
    );
    expect(read({ OPENPERSONALIZE_HOME_FILE: missing, OPENPERSONALIZE_HOME: '.' })).toThrow(
      'Give OPENPERSONALIZE_HOME or OPENPERSONALIZE_HOME_FILE, not both.',
    );
  });
});
