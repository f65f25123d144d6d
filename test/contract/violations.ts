import { type ModelMember, type ModelShape, type ServiceModel, serviceModels } from './service-model.ts';

/** One way of breaking one rule of the service model in an otherwise valid input. */
export type Violation = {
  readonly operation: string;
  readonly rule: string;
  readonly input: unknown;
  readonly expected: 'InvalidInputException' | 'SerializationException';
};

/** A string that each pattern of the models accepts. */
const accepted: Readonly<Record<string, string>> = {
  'arn:([a-z\\d-]+):personalize:.*:.*:.+': 'arn:aws:personalize:us-east-1:000000000000:schema/example',
  '^[a-zA-Z0-9][a-zA-Z0-9\\-_]*': 'example-name',
  'arn:([a-z\\d-]+):iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+': 'arn:aws:iam::000000000000:role/Personalize',
  'arn:aws.*:kms:.*:[0-9]{12}:key/.*': 'arn:aws:kms:us-east-1:000000000000:key/example',
  '(s3|http|https)://.+': 's3://bucket/key.csv',
  '\\p{ASCII}{0,1500}': 'token',
  'rate\\(\\d+ days?\\)': 'rate(7 days)',
  '^[A-Za-z_]+$': 'Interactions',
  '^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)$': 'team',
  '[A-Za-z_][A-Za-z\\d_]*': 'GENRES',
  '[A-Za-z\\d_]+': 'DEVICE',
  '[A-Za-z0-9_]+': 'GENRE',
  '^[\\x20-\\x7E]*[\\x21-\\x7E]+[\\x20-\\x7E]*$': 'source',
};

/** No pattern of the models accepts it. */
const refused = '\u0007é';

const wrongType: Readonly<Record<string, unknown>> = {
  string: 7,
  boolean: 'true',
  list: { a: 1 },
  map: ['a'],
  structure: 'text',
};

/** Every rule of every input of the three services, each broken once. */
export const violations: readonly Violation[] = serviceModels.flatMap((model) =>
  Object.entries(model.operations).flatMap(([operation, { input }]) =>
    input ? broken(model, input, []).map((violation) => ({ operation, ...violation })) : [],
  ),
);

/** An input that keeps every rule, all members present. */
export function validInput(operation: string): unknown {
  const model = serviceModels.find((candidate) => operation in candidate.operations);
  const input = model?.operations[operation]?.input;
  return model && input ? valid(model, input) : {};
}

function shapeOf(model: ServiceModel, member: ModelMember): ModelShape {
  const shape = model.shapes[typeof member === 'string' ? member : member.shape];
  if (!shape) throw new Error(`unknown shape ${JSON.stringify(member)}`);
  return shape;
}

function valid(model: ServiceModel, member: ModelMember): unknown {
  const shape = shapeOf(model, member);
  switch (shape.type) {
    case 'string': {
      if (shape.enum) return shape.enum[0];
      if (shape.pattern === undefined) return 'example';
      const example = accepted[shape.pattern];
      if (example === undefined) throw new Error(`no example for the pattern ${shape.pattern}`);
      return example;
    }
    case 'boolean':
      return true;
    case 'list':
      return [valid(model, shape.member ?? '')];
    case 'map':
      return { [String(valid(model, shape.key ?? ''))]: valid(model, shape.value ?? '') };
    case 'structure':
      return Object.fromEntries(Object.entries(shape.members ?? {}).map(([name, of]) => [name, valid(model, of)]));
    default:
      return Math.max(shape.min ?? 1, 0) || 1;
  }
}

type Broken = Omit<Violation, 'operation'>;

/** The rules of a shape and of its members; `path` is only for their names. */
function broken(model: ServiceModel, member: ModelMember, path: readonly string[]): Broken[] {
  const shape = shapeOf(model, member);
  const at = path.join('.') || 'input';
  const invalid = (rule: string, input: unknown): Broken => ({
    rule: `${at}: ${rule}`,
    input,
    expected: 'InvalidInputException',
  });
  const own = [...lengthRules(model, shape, invalid), ...valueRules(shape, invalid)];
  own.push({
    rule: `${at}: wrong type`,
    input: wrongType[shape.type ?? ''] ?? 'text',
    expected: 'SerializationException',
  });
  if (shape.type !== 'structure') return [...own, ...innerRules(model, shape, path)];
  const whole = Object.entries(shape.members ?? {});
  const sample = Object.fromEntries(whole.map(([name, of]) => [name, valid(model, of)]));
  const missing = (shape.required ?? []).map((name) => invalid(`${name} missing`, without(sample, name)));
  const inner = whole.flatMap(([name, of]) =>
    broken(model, of, [...path, name]).map((each) => ({ ...each, input: { ...sample, [name]: each.input } })),
  );
  return [...own, ...missing, ...inner];
}

function innerRules(model: ServiceModel, shape: ModelShape, path: readonly string[]): Broken[] {
  if (shape.type === 'list') {
    return broken(model, shape.member ?? '', [...path, '[]']).map((each) => ({ ...each, input: [each.input] }));
  }
  if (shape.type !== 'map') return [];
  const key = String(valid(model, shape.key ?? ''));
  const values = broken(model, shape.value ?? '', [...path, '{}']).map((each) => ({
    ...each,
    input: { [key]: each.input },
  }));
  const keys = broken(model, shape.key ?? '', [...path, 'key'])
    .filter((each) => typeof each.input === 'string' && each.expected === 'InvalidInputException')
    .map((each) => ({ ...each, input: { [String(each.input)]: valid(model, shape.value ?? '') } }));
  return [...keys, ...values];
}

function lengthRules(
  model: ServiceModel,
  shape: ModelShape,
  invalid: (rule: string, input: unknown) => Broken,
): Broken[] {
  const ofLength = (length: number): unknown => {
    if (shape.type === 'string') return 'a'.repeat(length);
    if (shape.type === 'list') return Array.from({ length }, () => valid(model, shape.member ?? ''));
    const value = valid(model, shape.value ?? '');
    return Object.fromEntries(Array.from({ length }, (_, i) => [`k${i}`, value]));
  };
  if (!['string', 'list', 'map'].includes(shape.type ?? '')) return [];
  return [
    ...(shape.min ? [invalid('too short', ofLength(shape.min - 1))] : []),
    ...(shape.max !== undefined ? [invalid('too long', ofLength(shape.max + 1))] : []),
  ];
}

function valueRules(shape: ModelShape, invalid: (rule: string, input: unknown) => Broken): Broken[] {
  if (shape.type === 'string') {
    return [
      ...(shape.pattern !== undefined ? [invalid('pattern', refused)] : []),
      ...(shape.enum ? [invalid('enum', 'NONE_OF_THEM')] : []),
    ];
  }
  if (!['integer', 'double', 'float'].includes(shape.type ?? '')) return [];
  return [
    ...(shape.min !== undefined ? [invalid('too small', shape.min - 1)] : []),
    ...(shape.max !== undefined ? [invalid('too large', shape.max + 1)] : []),
  ];
}

function without(object: Readonly<Record<string, unknown>>, name: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));
}
