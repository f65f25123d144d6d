import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'bench/**/*.test.ts', 'demo/**/*.test.ts', 'test/**/*.test.ts'],
    // Most tests wait for other processes, so a worker for each core, and not one less, is not too much.
    maxWorkers: '100%',
    // Against a test that never ends, not for a slow machine: none has a limit of its own below these.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 120_000, interval: 50 } },
  },
});
