import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CsvReader } from './csv-reader.ts';
import { type Survey, Surveyor } from './survey.ts';

const width = 2;

/** What a reader of every line says of them. */
function countedByReader(text: string): Survey {
  const reader = new CsvReader({ width, dialect: 'doubled' });
  const bytes = Buffer.from(text);
  const records = [...reader.read(bytes), ...reader.end()];
  const shown = (dialect: string) => records.filter(({ escapes }) => escapes === dialect).length;
  return {
    lines: records.length,
    doubled: shown('doubled'),
    backslash: shown('backslash'),
    loneBackslash: records.filter(({ loneBackslash }) => loneBackslash).length,
    nul: bytes.includes(0),
  };
}

it('counts what a reader of every line counts, wherever the pieces of a file end', () => {
  const part = fc.constantFrom('"', '""', '\\"', '\\', '\\x', ',', '"a","b"', '"a\\"b",c', '"a\\",c', 'x', 'é', '\0');
  const end = fc.constantFrom('\n', '\n', '\r\n', '\r', '\n\n');
  const line = fc.tuple(fc.array(part, { maxLength: 6 }), end).map(([parts, lineEnd]) => parts.join('') + lineEnd);
  const seen = { doubled: 0, backslash: 0 };
  fc.assert(
    fc.property(
      fc.array(line, { maxLength: 8 }),
      fc.boolean(),
      fc.integer({ min: 1, max: 30 }),
      (lines, ended, size) => {
        const text = ended ? lines.join('') : lines.join('').trimEnd();
        const bytes = Buffer.from(text);
        const surveyor = new Surveyor(width);
        for (let start = 0; start < bytes.length; start += size) surveyor.take(bytes.subarray(start, start + size));
        const survey = surveyor.end();
        expect(survey).toEqual(countedByReader(text));
        seen.doubled += survey.doubled;
        seen.backslash += survey.backslash;
      },
    ),
    { numRuns: 2000 },
  );
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(20);
});
