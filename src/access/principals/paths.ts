import { invalidInput } from '../../contract/errors.ts';

/** @throws ServiceError InvalidInputException for what is no path of IAM: `/`, or such as `/team/films/` */
export function requirePath(path: string): void {
  if (path.length <= 512 && /^\/(?:[\x21-\x2e\x30-\x7e]+\/)*$/.test(path)) return;
  throw invalidInput(`A path begins and ends with /, such as /team/, which ${path.slice(0, 100)} does not.`);
}
