import { Message } from './protobuf.ts';

/** Field numbers and codes are those of onnx.proto, github.com/onnx/onnx. */
export type ElementType = 'float32' | 'int32' | 'int64' | 'bool';
const elementTypes: Record<ElementType, number> = { float32: 1, int32: 6, int64: 7, bool: 9 };

export type Attribute =
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'integer'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'integers'; readonly value: readonly number[] };

export type OnnxNode = {
  readonly operator: string;
  /** '' for ONNX's own operators. */
  readonly domain: string;
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
};

export type OnnxTensor = { readonly name: string; readonly type: ElementType; readonly shape: readonly number[] };

/** A tensor with its values: in the model's file, or in another file of the same folder. */
export type OnnxInitializer = OnnxTensor &
  (
    | { readonly bytes: Uint8Array }
    | { readonly external: { readonly file: string; readonly offset: number; readonly length: number } }
  );

export type OnnxGraph = {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxInitializer[];
  readonly inputs: readonly OnnxTensor[];
  readonly outputs: readonly OnnxTensor[];
};

/** Operator set 18 with IR 8: read by ONNX Runtime from 1.14 on. `com.microsoft` holds ONNX Runtime's own operators. */
const irVersion = 8;
const operatorSets = { '': 18, 'com.microsoft': 1 };

/** The bytes of a ModelProto. */
export function writeOnnx(graph: OnnxGraph): Uint8Array {
  const model = new Message().integer(1, irVersion).text(2, 'tensor').message(7, graphMessage(graph));
  for (const [domain, version] of Object.entries(operatorSets)) {
    model.message(8, new Message().text(1, domain).integer(2, version));
  }
  return model.finish();
}

function graphMessage({ name, nodes, initializers, inputs, outputs }: OnnxGraph): Message {
  const graph = new Message().text(2, name);
  for (const node of nodes) graph.message(1, nodeMessage(node));
  for (const initializer of initializers) graph.message(5, initializerMessage(initializer));
  for (const input of inputs) graph.message(11, valueMessage(input));
  for (const output of outputs) graph.message(12, valueMessage(output));
  return graph;
}

function nodeMessage({ operator, domain, attributes, inputs, outputs }: OnnxNode): Message {
  const node = new Message();
  for (const name of inputs) node.text(1, name);
  for (const name of outputs) node.text(2, name);
  node
    .text(3, outputs[0] ?? operator)
    .text(4, operator)
    .text(7, domain);
  for (const [name, attribute] of Object.entries(attributes)) node.message(5, attributeMessage(name, attribute));
  return node;
}

function attributeMessage(name: string, attribute: Attribute): Message {
  const message = new Message().text(1, name);
  switch (attribute.kind) {
    case 'float':
      return message.float(2, attribute.value).integer(20, 1);
    case 'integer':
      return message.integer(3, attribute.value).integer(20, 2);
    case 'text':
      return message.text(4, attribute.value).integer(20, 3);
    case 'integers':
      for (const value of attribute.value) message.integer(8, value);
      return message.integer(20, 7);
  }
}

function initializerMessage(initializer: OnnxInitializer): Message {
  const tensor = new Message();
  for (const size of initializer.shape) tensor.integer(1, size);
  tensor.integer(2, elementTypes[initializer.type]).text(8, initializer.name);
  if ('bytes' in initializer) return tensor.bytes(9, initializer.bytes);
  const { file, offset, length } = initializer.external;
  const position = { location: file, offset: `${offset}`, length: `${length}` };
  for (const [key, value] of Object.entries(position)) tensor.message(13, new Message().text(1, key).text(2, value));
  return tensor.integer(14, 1);
}

function valueMessage({ name, type, shape }: OnnxTensor): Message {
  const dimensions = new Message();
  for (const size of shape) dimensions.message(1, new Message().integer(1, size));
  const tensor = new Message().integer(1, elementTypes[type]).message(2, dimensions);
  return new Message().text(1, name).message(2, new Message().message(1, tensor));
}
