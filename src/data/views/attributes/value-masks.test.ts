import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TextColumn } from './text-column.ts';

const cell = fc.oneof(
  fc.constantFrom('', 'a', 'b', 'a|b', 'b|é|a', 'a|a', '|', 'a|'),
  fc.nat(400).map((n) => `rare-${n}`),
);

it('masks say which rows have a value, whatever changes after they were made', async () => {
  const change = fc.tuple(fc.nat(300), cell);
  await fc.assert(
    fc.asyncProperty(
      fc.array(cell, { maxLength: 200 }),
      fc.array(change),
      fc.boolean(),
      async (cells, changes, categorical) => {
        const column = new TextColumn(categorical);
        const texts: string[] = [];
        const set = (row: number, text: string) => {
          while (texts.length < row) texts.push('');
          texts[row] = text;
          column.setText(row, text);
        };
        for (const [row, text] of cells.entries()) set(row, text);
        await column.makeMasks(texts.length);
        const valuesOf = (text: string) => (text === '' ? [] : categorical ? text.split('|') : [text]);
        const rowsWith = (value: string) => texts.filter((text) => valuesOf(text).includes(value)).length;
        const frequent = new Set(texts.flatMap(valuesOf).filter((value) => 64 * rowsWith(value) >= texts.length));
        const masked = () => column.rows(texts.length).masks ?? new Map<string, Uint32Array>();
        if (frequent.size <= 64) expect(new Set(masked().keys())).toEqual(frequent);
        for (const [row, text] of [[0, ''] as const, ...changes]) {
          set(row, text);
          for (const [value, bits] of masked()) {
            expect(texts.map((_, n) => ((bits[n >>> 5] >>> (n & 31)) & 1) === 1)).toEqual(
              texts.map((each) => valuesOf(each).includes(value)),
            );
          }
        }
      },
    ),
  );
});

it('has masks for no more values than take eight bytes a row', async () => {
  const column = new TextColumn(true);
  const values = Array.from({ length: 100 }, (_, n) => `${n}`);
  for (let row = 0; row < 100; row++) column.setText(row, values.slice(0, row + 1).join('|'));
  await column.makeMasks(100);
  expect([...(column.rows(100).masks?.keys() ?? [])]).toEqual(values.slice(0, 64));
});
