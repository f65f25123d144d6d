import type { TProperties } from 'typebox';
import type { ModelledError } from '../errors.ts';
import { operation } from '../operation.ts';
import { string, type structure } from '../shape.ts';

export const AccountId = string({ pattern: '\\d{12}' });
export const UserName = string({ min: 1, max: 64, pattern: '[\\w+=,.@-]+' });

/** Operations that only those ask who may read the server's home. */
export const ofOperators =
  (errors: readonly ModelledError[]) =>
  <Name extends string, In extends TProperties, Out extends TProperties>(
    name: Name,
    input: ReturnType<typeof structure<In>>,
    output: ReturnType<typeof structure<Out>>,
  ) =>
    operation({
      name,
      service: 'admin',
      path: `/admin/access/${name}`,
      shows: 'token',
      input,
      output,
      resources: [],
      errors,
    });
