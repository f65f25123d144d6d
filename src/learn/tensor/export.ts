import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serialise } from './graph/serialise.ts';
import type { Value } from './graph/value.ts';
import { reach } from './graph/walk.ts';
import { writeSafetensors } from './safetensors.ts';
import type { Weights } from './weights.ts';

/**
 * Writes graphs for inference into a folder: `<name>.onnx` each, and one `weights.safetensors` with the parameters that
 * they use. The graphs point into that file (ONNX external data), so that ONNX Runtime in any language opens them by
 * their path, and the safetensors library reads the weights.
 */
export async function exportModel(
  folder: string,
  graphs: Readonly<Record<string, Readonly<Record<string, Value>>>>,
  weights: Weights,
): Promise<void> {
  const file = 'weights.safetensors';
  const { leaves } = reach(
    Object.values(graphs).flatMap((outputs) => Object.values(outputs)),
    'inference',
  );
  const parameters = leaves.flatMap(({ source }) => (source.kind === 'parameter' ? [source.parameter] : []));
  const tensors = parameters.map(({ name, shape }) => [name, { shape, data: weights.get(name) }] as const);
  const positions = await writeSafetensors(join(folder, file), Object.fromEntries(tensors));
  for (const [name, outputs] of Object.entries(graphs)) {
    const { bytes } = serialise(outputs, 'inference', (parameter) => {
      const position = positions[parameter];
      if (!position) throw new Error(`The parameter ${parameter} was not written.`);
      return { file, ...position };
    });
    await writeFile(join(folder, `${name}.onnx`), bytes, { flush: true });
  }
}
