import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { forgetLines } from './forget-lines.ts';

it('takes lines of users, and those that are cut short, out of the files of the log alone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'forget-lines-'));
  try {
    const line = (campaignArn: string, userId: string) => `${JSON.stringify({ campaignArn, userId, rate: 0.5 })}\n`;
    const [mine, other] = ['propensities-20260102T030405.000Z-0000.jsonl', 'of-a-person.jsonl'];
    const all = line('one', 'mary') + line('two', 'mary') + line('one', 'zoë');
    await writeFile(join(folder, mine), `${all}{"campaignArn":"one","userId":"ma`);
    await writeFile(join(folder, other), all);
    await forgetLines(folder, ({ campaignArn, userId }) => campaignArn === 'one' && userId === 'mary');
    expect(await readFile(join(folder, mine), 'utf8')).toBe(line('two', 'mary') + line('one', 'zoë'));
    expect(await readFile(join(folder, other), 'utf8')).toBe(all);
    expect((await readdir(folder)).toSorted()).toEqual([other, mine]);
    await forgetLines(join(folder, 'none'), () => true);
  } finally {
    await rm(folder, { recursive: true });
  }
});
