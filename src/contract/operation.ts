import type { TObject, TProperties } from 'typebox';
import type { ModelledError } from './errors.ts';

export type Service = 'personalize' | 'personalize-events' | 'personalize-runtime';

/** One operation of the contract: from this record come validation, dispatch, the typed handler and the docs. */
export type Operation<
  Name extends string = string,
  In extends TProperties = TProperties,
  Out extends TProperties = TProperties,
> = {
  readonly name: Name;
  readonly service: Service;
  /** The path of a REST-JSON operation, always by POST. Absent: AWS JSON 1.1, addressed by `X-Amz-Target`. */
  readonly path?: string;
  readonly input: TObject<In>;
  readonly output: TObject<Out>;
  /** The exceptions that the service model declares for the operation. */
  readonly errors: readonly ModelledError[];
  readonly idempotent?: true;
};

export function operation<Name extends string, In extends TProperties, Out extends TProperties>(
  record: Operation<Name, In, Out>,
): Operation<Name, In, Out> {
  return record;
}
