import { expect, it } from 'vitest';
import { resultsPage } from './results-table.ts';

it('has a section a bench, and each detail once, wrapped', () => {
  const detail = `sizes ${'and sizes '.repeat(12)}`.trim();
  const page = resultsPage([
    { name: 'events: a call, p99', value: 0.0044, unit: 's', limit: 0.05, detail },
    { name: 'events: a call, p50', value: 0.00089, unit: 's', detail },
    { name: 'top-k: exact', value: 15.7, unit: 'ms', ratio: 0.5, least: 0.6, detail: 'one thread' },
  ]);
  expect(page.split('\n')).toEqual([
    '### events',
    '',
    '| what        | value     | beside the peer | budget |',
    '|-------------|-----------|-----------------|--------|',
    '| a call, p99 | 0.0044 s  |                 | ≤ 0.05 |',
    '| a call, p50 | 0.00089 s |                 |        |',
    '',
    `- sizes ${'and sizes '.repeat(11).trim()}`,
    '  and sizes',
    '',
    '### top-k',
    '',
    '| what  | value   | beside the peer | budget           |',
    '|-------|---------|-----------------|------------------|',
    '| exact | 15.7 ms | 0.5 ×           | ≥ 0.6 **missed** |',
    '',
    '- one thread',
  ]);
});
