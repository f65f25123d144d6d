import { join } from 'node:path';
import { expect, it } from 'vitest';
import { optionsPage } from './page.ts';

it('docs/options.md is what the table of options says; run with -u to write it', async () => {
  await expect(optionsPage()).toMatchFileSnapshot(join(import.meta.dirname, '../../../docs/options.md'));
});
