import { invalidInput } from '../contract/errors.ts';

/** The refusal of something that the service has and this version has not. */
export const unavailable = (what: string) =>
  invalidInput(`${what} is not available in this version of OpenPersonalize.`);

/** Refuses a request for a feature that is not built yet. Keys name features, values say if they are asked for. */
export function refuseUnavailable(asked: { readonly [feature: string]: boolean }): void {
  const feature = Object.keys(asked).find((name) => asked[name]);
  if (feature !== undefined) throw unavailable(feature);
}
