import type { ModelMember, ServiceModel } from './service-model.ts';

/** The form in which the test compares the contract's schemas to the model's shapes. */
export type Described =
  | {
      type: 'string';
      min?: number;
      max?: number;
      pattern?: string;
      enum?: readonly string[];
      sensitive?: true;
      json?: true;
    }
  | { type: 'number'; integer: boolean; timestamp: boolean; min?: number; max?: number }
  | { type: 'boolean' }
  | { type: 'blob'; min?: number; max?: number; sensitive?: true }
  | { type: 'list'; member: Described; min?: number; max?: number }
  | { type: 'map'; key: Described; value: Described; max?: number }
  | { type: 'structure'; required: readonly string[]; members: Record<string, Described> };

export function describeShape(model: ServiceModel, name: string): Described {
  const shape = model.shapes[name];
  if (!shape) throw new Error(`${model.service} has no shape ${name}`);
  const { min, max, pattern } = shape;
  const nested = (inner: string | undefined) => describeShape(model, inner ?? '');
  switch (shape.type) {
    case 'string':
      return {
        type: 'string',
        min,
        max,
        pattern,
        enum: shape.enum,
        sensitive: shape.sensitive || undefined,
        json: undefined,
      };
    case 'integer':
    case 'double':
    case 'float':
    case 'timestamp':
      return { type: 'number', integer: shape.type === 'integer', timestamp: shape.type === 'timestamp', min, max };
    case 'boolean':
      return { type: 'boolean' };
    case 'blob':
      return { type: 'blob', min, max, sensitive: shape.sensitive || undefined };
    case 'list':
      return { type: 'list', member: nested(shape.member), min, max };
    case 'map':
      return { type: 'map', key: nested(shape.key), value: nested(shape.value), max };
    case 'structure':
      return {
        type: 'structure',
        required: [...(shape.required ?? [])].sort(),
        members: Object.fromEntries(
          Object.entries(shape.members ?? {}).map(([member, of]) => [member, describeMember(model, of)]),
        ),
      };
    default:
      throw new Error(`${name} has an unknown type ${shape.type}`);
  }
}

function describeMember(model: ServiceModel, member: ModelMember): Described {
  if (typeof member === 'string') return describeShape(model, member);
  const described = describeShape(model, member.shape);
  return described.type === 'string' && member.jsonvalue ? { ...described, json: true } : described;
}

/** The keywords of the JSON Schemas that TypeBox builds. */
type Schema = {
  type: string;
  bytes?: { min: number; max: number };
  minLength?: number;
  maxLength?: number;
  modelPattern?: string;
  enum?: readonly string[];
  sensitive?: true;
  jsonText?: true;
  timestamp?: true;
  minimum?: number;
  maximum?: number;
  items?: Schema;
  minItems?: number;
  maxItems?: number;
  propertyNames?: Schema;
  additionalProperties?: Schema;
  maxProperties?: number;
  required?: readonly string[];
  properties?: Record<string, Schema>;
};

export function describeSchema(schema: Schema): Described {
  if (schema.bytes) return { type: 'blob', ...schema.bytes, sensitive: schema.sensitive };
  switch (schema.type) {
    case 'string':
      return {
        type: 'string',
        min: schema.minLength,
        max: schema.maxLength,
        pattern: schema.modelPattern,
        enum: schema.enum,
        sensitive: schema.sensitive,
        json: schema.jsonText,
      };
    case 'number':
    case 'integer':
      return {
        type: 'number',
        integer: schema.type === 'integer',
        timestamp: schema.timestamp ?? false,
        min: schema.minimum,
        max: schema.maximum,
      };
    case 'boolean':
      return { type: 'boolean' };
    case 'array':
      if (!schema.items) throw new Error('a list without a member');
      return { type: 'list', member: describeSchema(schema.items), min: schema.minItems, max: schema.maxItems };
    default:
      if (schema.propertyNames && schema.additionalProperties) {
        const [key, value] = [describeSchema(schema.propertyNames), describeSchema(schema.additionalProperties)];
        return { type: 'map', key, value, max: schema.maxProperties };
      }
      return {
        type: 'structure',
        required: [...(schema.required ?? [])].sort(),
        members: Object.fromEntries(
          Object.entries(schema.properties ?? {}).map(([member, of]) => [member, describeSchema(of)]),
        ),
      };
  }
}

export const asSchema = (schema: object): Schema => JSON.parse(JSON.stringify(schema));
