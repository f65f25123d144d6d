import { once } from 'node:events';
import { expect, test } from 'vitest';
import { clients, steps } from '../support/personalize.ts';
import { runOpenPersonalize, startServerProcess } from '../support/server.ts';

test('a second server on the same home refuses to start, and the first goes on', { timeout: 60_000 }, async () => {
  await using first = await startServerProcess();
  const second = runOpenPersonalize(['start', '--port', '0', '--home', first.home]);
  const [code] = await once(second.process, 'close');
  expect(code).not.toBe(0);
  expect(second.output()).not.toContain('is listening');
  expect(second.errors()).toContain(first.home);
  expect(second.errors()).not.toContain('    at ');

  const { personalize } = clients(first.url);
  await steps({ personalize }).datasetGroup('still-here');
});
