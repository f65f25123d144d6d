import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';

const run = promisify(execFile);
const program = join(import.meta.dirname, '../scripts/check-prose.mjs');
const long = (length: number) => 'word '.repeat(30).slice(0, length);

let project: string;
beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'openpersonalize-prose-'));
});
afterEach(() => rm(project, { recursive: true }));

/** What the check of the build says of files with these contents, a line each; empty where it passes. */
async function violations(files: Record<string, string>): Promise<string[]> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(project, path)), { recursive: true });
    await writeFile(join(project, path), content);
  }
  const { stderr } = await run(process.execPath, [program, project]).catch((failure: { stderr: string }) => failure);
  return stderr.trimEnd().split('\n').filter(Boolean);
}

it('names the comments of more than 120 columns', async () => {
  expect(
    await violations({
      'src/part.ts': `// ${long(117)}\n/** ${long(120)} */\nconst a = '${long(140)}';\n  // ${long(116)}\n`,
      'test/trailing.ts': `const a = 1; // ${long(110)}\n`,
      'bench/part.mjs': `/**\n * ${long(118)}\n */\n`,
      'scripts/part.sh': `# ${long(119)}\necho "${long(140)}"\n`,
    }),
  ).toEqual([
    'src/part.ts:2: A comment has 127 columns; at most 120 fit.',
    'src/part.ts:4: A comment has 121 columns; at most 120 fit.',
    'test/trailing.ts:1: A comment has 126 columns; at most 120 fit.',
    'bench/part.mjs:2: A comment has 121 columns; at most 120 fit.',
    'scripts/part.sh:1: A comment has 121 columns; at most 120 fit.',
  ]);
});

it('names the lines of Markdown that are too long, rows of tables too, but not of code nor a single word', async () => {
  const unbroken = 'x'.repeat(130);
  expect(
    await violations({
      'README.md': `${long(121)}.\n\n\`\`\`sh\n${long(140)}\n\`\`\`\n\n| ${long(117)} |\n\n${long(123)}.\n`,
      'docs/page.md': `${unbroken}\n\n- ${unbroken}\n- a ${unbroken}\n`,
    }),
  ).toEqual([
    'docs/page.md:4: A line has 134 columns; at most 120 fit.',
    'README.md:1: A line has 122 columns; at most 120 fit.',
    'README.md:7: A line has 121 columns; at most 120 fit.',
    'README.md:9: A line has 124 columns; at most 120 fit.',
  ]);
});

it('names paragraphs and list items of more than five lines', async () => {
  const lines = (count: number) => 'A line.\n'.repeat(count);
  const tooLong = 'A paragraph has more than 5 lines.';
  expect(
    await violations({
      'docs/good.md': `# Page\n${lines(5)}\n- ${lines(5)}- ${lines(5)}\n\`\`\`\n${lines(9)}\`\`\`\n${lines(5)}`,
      'docs/table.md': `| a | b |\n| --- | --- |\n${'| c | d |\n'.repeat(9)}`,
      'docs/long.md': `${lines(7)}\n1. ${lines(6)}`,
    }),
  ).toEqual([`docs/long.md:6: ${tooLong}`, `docs/long.md:14: ${tooLong}`]);
});

it('names the rows of tables that go on in the next line', async () => {
  const table = (rows: string) => `A table:\n\n| a | b |\n| --- | --- |\n${rows}\n\nA line.\n`;
  const broken = 'A row of a table stands on one line; an empty line ends the table.';
  expect(
    await violations({
      'docs/good.md': table('| c | d |\n| e | f |'),
      'docs/in-a-cell.md': table('| c | [d\ne](f) |\n| g | h |'),
      'docs/between-cells.md': table('| c |\nd |'),
    }),
  ).toEqual([`docs/between-cells.md:6: ${broken}`, `docs/in-a-cell.md:6: ${broken}`]);
});
