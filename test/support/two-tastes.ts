import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Schema documents of the files below. */
export const schemas = {
  interactions: avro('Interactions', [
    { name: 'USER_ID', type: 'string' },
    { name: 'ITEM_ID', type: 'string' },
    { name: 'EVENT_TYPE', type: 'string' },
    { name: 'TIMESTAMP', type: 'long' },
  ]),
  items: avro('Items', [
    { name: 'ITEM_ID', type: 'string' },
    { name: 'GENRE', type: ['null', 'string'], categorical: true },
  ]),
};

export function avro(name: string, fields: readonly object[]): string {
  return JSON.stringify({
    type: 'record',
    name,
    namespace: 'com.amazonaws.personalize.schema',
    fields,
    version: '1.0',
  });
}

const itemsATaste = 40;
const eventsAUser = 20;

/**
 * Interactions of people who either like the items `a0`…`a39` (users `ua0`, `ua1`, …) or `b0`…`b39` (users `ub0`, …)
 * and now and then try one of the others, as CSV. Deterministic.
 */
export function twoTastes({ usersATaste = 60 } = {}): string {
  const lines = ['USER_ID,ITEM_ID,EVENT_TYPE,TIMESTAMP'];
  let state = 42;
  // A linear congruential generator (Park and Miller, 1988) will do to scatter choices.
  const below = (limit: number) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % limit;
  };
  for (let user = 0; user < 2 * usersATaste; user++) {
    const [own, other] = user % 2 === 0 ? ['a', 'b'] : ['b', 'a'];
    for (let event = 0; event < eventsAUser; event++) {
      const taste = below(10) === 0 ? other : own;
      // The lesser of two draws: a few items are popular.
      const item = Math.min(below(itemsATaste), below(itemsATaste));
      lines.push(`u${own}${user >> 1},${taste}${item},watch,${1_700_000_000 + user * 1000 + event * 60}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

/** The items of both tastes with their genre, as CSV. */
export function twoTastesItems(): string {
  const items = ['a', 'b'].flatMap((taste) =>
    Array.from({ length: itemsATaste }, (_, item) => `${taste}${item},${taste === 'a' ? 'Comedy' : 'Drama|Crime'}`),
  );
  return `ITEM_ID,GENRE\n${items.join('\n')}\n`;
}

/** Puts content where `s3://bucket/key` leads, and gives that address. */
export async function putObject(buckets: string, bucket: string, key: string, content: string): Promise<string> {
  const path = join(buckets, bucket, key);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  return `s3://${bucket}/${key}`;
}
