import { expect, test } from 'vitest';
import { knownProviders, requireProvider } from './program.ts';

test('the processor is an execution provider everywhere', async () => {
  expect(knownProviders()).toContain('cpu');
  await requireProvider('cpu');
});

test('an unknown execution provider is refused with those that there are', async () => {
  await expect(requireProvider('abacus')).rejects.toThrow(
    `There is no execution provider abacus; this ONNX Runtime knows ${knownProviders().join(', ')}.`,
  );
});
