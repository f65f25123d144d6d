import { once } from 'node:events';
import { expect, test } from 'vitest';
import { runOpenPersonalize } from './support/server.ts';

// `openpersonalize explain … | head` has the pipe closed before all is written.
test('a closed pipe on stdout is no failure', async () => {
  const { process: child, errors } = runOpenPersonalize(['--help']);
  child.stdout.destroy();
  const [code] = await once(child, 'close');
  expect(errors()).toBe('');
  expect(code).toBe(0);
});
