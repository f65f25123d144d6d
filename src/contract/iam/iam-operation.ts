import type { TProperties } from 'typebox';
import type { ModelledError } from '../errors.ts';
import { type Operation, operation } from '../operation.ts';
import type { structure } from '../shape.ts';

/** What an operation of IAM acts on, and what it may be refused for. */
type Facts<In extends TProperties> = Partial<Pick<Operation<string, In>, 'resources' | 'calledAs' | 'readOnly'>> &
  Pick<Operation<string, In>, 'actsOn'> & { readonly errors?: readonly ModelledError[] };

export const iamOperation = <Name extends string, In extends TProperties, Out extends TProperties>(
  name: Name,
  input: ReturnType<typeof structure<In>>,
  output: ReturnType<typeof structure<Out>>,
  { resources = [], errors = [], ...facts }: Facts<In> = {},
): Operation<Name, In, Out> => operation({ name, service: 'iam', input, output, resources, errors, ...facts });
