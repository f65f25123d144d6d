import { type OnnxInitializer, type OnnxTensor, writeOnnx } from '../onnx/model.ts';
import { inFileOrder } from './order.ts';
import type { TensorData, Value } from './value.ts';
import { type Mode, reach, resolve } from './walk.ts';

/** A graph as ONNX, and what a run of it must be fed. */
export type CompiledGraph = {
  readonly bytes: Uint8Array;
  /** Inputs, parameters and masks by their names in the graph. */
  readonly feeds: ReadonlyMap<string, Value>;
};

/** Where the values of a parameter lie in another file of the model's folder; without one, parameters are fed. */
export type ExternalTensors = (parameter: string) => { file: string; offset: number; length: number };

/**
 * Writes the graph that computes `outputs`.
 *
 * @throws Error if two inputs have one name
 */
export function serialise(
  outputs: Readonly<Record<string, Value>>,
  mode: Mode,
  external?: ExternalTensors,
): CompiledGraph {
  const { nodes: reached, leaves } = reach(Object.values(outputs), mode);
  const nodes = inFileOrder(reached, mode);
  const names = new Map<Value, string>();
  const feeds = new Map<string, Value>();
  const initializers: OnnxInitializer[] = [];
  const constants = new Map<string, string>();
  for (const leaf of leaves) names.set(leaf, nameLeaf(leaf));
  for (const [index, { operator, outputs: made }] of nodes.entries()) {
    for (const [output, value] of made.entries())
      names.set(value, `${operator}_${index}${output > 0 ? `.${output}` : ''}`);
  }
  const results = Object.entries(outputs).map(([name, value]) => ({ name, value: resolve(value, mode) }));
  // A node writes an output by its name; an output that is an input or a second name of another output is copied.
  for (const { name, value } of results.toReversed()) if (value.source.kind === 'node') names.set(value, name);
  const bytes = writeOnnx({
    name: 'graph',
    nodes: [
      ...nodes.map((node) => ({ ...node, inputs: node.inputs.map(nameOf), outputs: node.outputs.map(nameOf) })),
      ...results
        .filter(({ name, value }) => nameOf(value) !== name)
        .map(({ name, value }) => ({ ...copy, inputs: [nameOf(value)], outputs: [name] })),
    ],
    initializers,
    inputs: [...feeds].map(([name, value]) => tensor(name, value)),
    outputs: results.map(({ name, value }) => tensor(name, value)),
  });
  return { bytes, feeds };

  function nameOf(value: Value): string {
    const name = names.get(resolve(value, mode));
    if (name === undefined) throw new Error('A node comes before what it needs.');
    return name;
  }

  function nameLeaf(leaf: Value): string {
    const { source } = leaf;
    switch (source.kind) {
      case 'constant':
        return constantNamed(leaf, source.data);
      case 'parameter':
        if (external) {
          initializers.push({ ...tensor(source.parameter.name, leaf), external: external(source.parameter.name) });
          return source.parameter.name;
        }
        return feed(source.parameter.name, leaf);
      case 'input':
        return feed(source.name, leaf);
      default:
        return feed(`mask_${feeds.size}`, leaf);
    }
  }

  function feed(name: string, value: Value): string {
    if (feeds.has(name)) throw new Error(`Two inputs are named ${name}.`);
    feeds.set(name, value);
    return name;
  }

  /** Equal small constants are written once. */
  function constantNamed(value: Value, data: TensorData): string {
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    const key = `${value.type} ${value.shape} ${bytes.length <= small ? bytes.toString('base64') : constants.size}`;
    const name = constants.get(key) ?? `constant_${constants.size}`;
    if (!constants.has(key)) initializers.push({ ...tensor(name, value), bytes });
    constants.set(key, name);
    return name;
  }
}

/** Bytes up to which constants are compared by what they hold. */
const small = 1 << 16;

const copy = { operator: 'Identity', domain: '', attributes: {} } as const;

const tensor = (name: string, { type, shape }: Value): OnnxTensor => ({ name, type, shape });
