import { open } from 'node:fs/promises';
import { uniforms } from '../../src/learn/kernels/random.ts';

const users = 138_000;
const items = 27_000;
const newest = 1_700_000_000;
const seconds = 100_000_000;

/** Writes interactions of skewed users and items in order of time, with types and, for two in three, values. */
export async function writeInteractionsCsv(path: string, rows: number): Promise<void> {
  const uniform = uniforms(1);
  await using file = await open(path, 'w');
  let text = 'USER_ID,ITEM_ID,EVENT_TYPE,EVENT_VALUE,TIMESTAMP\n';
  for (let row = 0; row < rows; row++) {
    const user = Math.floor(users * uniform() ** 2);
    const item = Math.floor(items * uniform() ** 3);
    const type = uniform() < 0.8 ? 'View' : 'Purchase';
    const value = uniform() < 1 / 3 ? '' : Math.ceil(uniform() * 10) / 2;
    const time = newest - seconds + Math.floor((row / rows) * seconds);
    text += `user-${user},item-${item},${type},${value},${time}\n`;
    if (text.length > 1 << 20) {
      await file.write(text);
      text = '';
    }
  }
  await file.write(text);
}
