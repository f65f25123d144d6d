/**
 * What is known of a request, by condition key. The key is in lower case: keys have any case. Undefined or empty where
 * the request has no such key. A tag is a key of its own, such as `aws:resourcetag/team`.
 */
export type Context = (key: string) => readonly string[] | undefined;

/** The context of these keys, which may be written in any case; of keys that differ only in case, all values count. */
export function contextOf(values: Readonly<Record<string, string | readonly string[]>>): Context {
  const byKey = new Map<string, string[]>();
  for (const [name, value] of Object.entries(values)) {
    const key = name.toLowerCase();
    const known = byKey.get(key) ?? [];
    byKey.set(key, [...known, ...(typeof value === 'string' ? [value] : value)]);
  }
  return (key) => byKey.get(key);
}
