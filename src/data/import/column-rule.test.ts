import { expect, it } from 'vitest';
import { canonical, columnRule, violation } from './column-rule.ts';

const rules = (['int', 'double'] as const).map((type) =>
  columnRule({ name: 'N', type, nullable: true, categorical: false, textual: false }),
);
const cell = (text: string) => ({ text, characters: text.length });

it.each([' 7', '7 ', '\t\f7\v\r ', '7'])('does not count blanks around a number: %j', (text) => {
  for (const rule of rules) {
    expect(violation(rule, cell(text))).toBeUndefined();
    expect(canonical(rule, cell(text))).toBe('7');
  }
});

it.each([' ', '7 7', '7\n', '\u00a07', '- 7'])('counts blanks that are not around a number: %j', (text) => {
  for (const rule of rules) expect(violation(rule, cell(text))).toMatch(/^it must be a (whole )?number$/);
});

it('takes time that grows with the length of a text', () => {
  // A pattern that tries the blanks from all their places takes many minutes for it.
  const text = `7${' '.repeat(2_000_000)}7`;
  for (const rule of rules) expect(violation(rule, cell(text))).toMatch(/^it must be a (whole )?number$/);
});
