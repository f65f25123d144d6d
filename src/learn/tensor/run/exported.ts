import { InferenceSession, type Tensor } from 'onnxruntime-node';
import type { ElementType } from '../onnx/model.ts';
import { type Execution, sessionOptions } from './program.ts';
import { type Feeds, fedTensor, floatsOf } from './tensors.ts';

/** A graph that was exported, with its weights. */
export type ExportedGraph = {
  /** Shapes of its inputs by name. */
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  readonly outputs: readonly string[];
  /** @throws Error in one sentence if an input is missing or of another type or length */
  run(feeds: Feeds): Promise<Readonly<Record<string, Float32Array>>>;
  release(): Promise<void>;
};

/** Opens an exported graph by the path of its `.onnx` file. */
export async function openExported(path: string, execution: Execution = {}): Promise<ExportedGraph> {
  const session = await InferenceSession.create(path, sessionOptions(execution));
  const inputs = session.inputMetadata.map((metadata) => {
    if (!metadata.isTensor) throw new Error(`The input ${metadata.name} of ${path} is no tensor.`);
    return { name: metadata.name, shape: metadata.shape.map(Number), type: elementType(metadata.type, path) };
  });
  return {
    inputs: Object.fromEntries(inputs.map(({ name, shape }) => [name, shape])),
    outputs: session.outputNames,
    async run(fed) {
      const feeds: Record<string, Tensor> = {};
      for (const { name, shape, type } of inputs) {
        feeds[name] = fedTensor(name, { type, shape, source: { kind: 'input', name } }, fed[name]);
      }
      const results = await session.run(feeds);
      return Object.fromEntries(session.outputNames.map((name) => [name, floatsOf(name, results[name])]));
    },
    release: async () => await session.release(),
  };
}

function elementType(type: string, path: string): ElementType {
  if (type === 'float32' || type === 'int32' || type === 'int64' || type === 'bool') return type;
  throw new Error(`${path} has an input of ${type}, which is not written here.`);
}
