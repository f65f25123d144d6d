import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { uniforms } from '../../src/learn/kernels/random.ts';
import { generateInteractions, type Size } from '../generated-interactions.ts';

export type EventTypes = { readonly usual: string; readonly rare: string };

const sessionSeconds = 86_400;
const eventSeconds = 60;
const eventsASession = 6;
/** How often the rarer type follows. */
const rareShare = 0.25;

/** Interactions of a domain as CSV: sessions over the last weeks; a quarter of their events is of the rarer type. */
export async function writeDomainInteractions(path: string, size: Size, { usual, rare }: EventTypes): Promise<void> {
  const { rows, offsets, indices } = generateInteractions(size);
  const random = uniforms(2);
  const file = createWriteStream(path);
  file.write('USER_ID,ITEM_ID,EVENT_TYPE,TIMESTAMP\n');
  const end = Math.floor(Date.now() / 1000);
  for (let user = 0; user < rows; user++) {
    const own = indices.slice(offsets[user], offsets[user + 1]);
    shuffle(own, random);
    for (const [index, item] of own.entries()) {
      const ago = Math.floor((own.length - 1 - index) / eventsASession) * sessionSeconds;
      const time = end - ago - (eventsASession - (index % eventsASession)) * eventSeconds;
      const type = random() < rareShare ? rare : usual;
      if (!file.write(`user-${user},item-${item},${type},${time}\n`)) await once(file, 'drain');
    }
  }
  file.end();
  await once(file, 'finish');
}

export async function writeVideos(path: string, { items }: Size): Promise<void> {
  const genres = ['Drama', 'Comedy', 'Crime', 'Action', 'Romance'];
  const file = createWriteStream(path);
  file.write('ITEM_ID,GENRES,CREATION_TIMESTAMP\n');
  for (let item = 0; item < items; item++) {
    const own = [genres[item % 5], genres[Math.floor(item / 5) % 5]];
    file.write(`item-${item},${[...new Set(own)].join('|')},${1_600_000_000 + item * 3600}\n`);
  }
  file.end();
  await once(file, 'finish');
}

function shuffle(array: Uint32Array, random: () => number): void {
  for (let last = array.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [array[last], array[other]] = [array[other] ?? 0, array[last] ?? 0];
  }
}
