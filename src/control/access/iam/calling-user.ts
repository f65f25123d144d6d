import { ServiceError } from '../../../contract/errors.ts';
import type { Caller } from '../../handler.ts';

/**
 * The name of the user who calls, whom an operation acts on that names none; undefined for the root of the account, as
 * which all are taken whose signatures are not verified.
 *
 * @throws ServiceError ValidationException for temporary credentials of a role
 */
export function callingUser({ principal }: Pick<Caller, 'principal'>): string | undefined {
  if (principal === undefined || principal.kind === 'root') return undefined;
  if (principal.kind === 'user') return principal.name;
  throw new ServiceError('ValidationException', 'Must specify userName when calling with non-User credentials');
}
