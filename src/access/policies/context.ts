/**
 * What is known of a request, by condition key. The key is in lower case: keys have any case. Undefined or empty where
 * the request has no such key. A tag is a key of its own, such as `aws:resourcetag/team`.
 */
export type Context = (key: string) => readonly string[] | undefined;

/** The context of these keys, which may be written in any case; of keys that differ only in case, all values count. */
export function contextOf(values: Readonly<Record<string, string | readonly string[]>>): Context {
  const pairs = Object.entries(values).flatMap(([key, given]) =>
    (typeof given === 'string' ? [given] : given).map((value) => ({ key, value })),
  );
  const byKey = contextKeys(pairs);
  return (key) => byKey.get(key);
}

/** Values by key in lower case. */
export function contextKeys(
  pairs: readonly { readonly key: string; readonly value: string }[],
): Map<string, readonly string[]> {
  const byKey = new Map<string, readonly string[]>();
  for (const { key, value } of pairs) {
    const name = key.toLowerCase();
    byKey.set(name, [...(byKey.get(name) ?? []), value]);
  }
  return byKey;
}
