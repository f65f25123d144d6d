import { wireName } from './wire-name.ts';

type Value = string | number | boolean | readonly Value[] | { readonly [name: string]: Value };

/**
 * The parameters of a value, as SDKs write them. Below a Map is written as a map, and an object as a structure.
 */
export function parametersOf(value: Value | ReadonlyMap<string, Value>, name = ''): [string, string][] {
  const inside = (step: string) => (name === '' ? step : `${name}.${step}`);
  if (value instanceof Map) {
    return [...value].flatMap(([key, each], index) => [
      [inside(`entry.${index + 1}.key`), key] satisfies [string, string],
      ...parametersOf(each, inside(`entry.${index + 1}.value`)),
    ]);
  }
  if (Array.isArray(value)) {
    if (value.length === 0) return [[name, '']];
    return value.flatMap((each: Value, index) => parametersOf(each, inside(`member.${index + 1}`)));
  }
  if (typeof value === 'object') {
    return Object.entries(value).flatMap(([member, each]) => parametersOf(each, inside(wireName(member))));
  }
  return [[name, String(value)]];
}
