import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseExactly, wholeNumber } from './exact-json.ts';

it.each([
  ['1541815603606036481', '1541815603606036481'],
  ['-9007199254740993', '-9007199254740993'],
  ['9007199254740993.0', '9007199254740993'],
  ['9.007199254740993e15', '9007199254740993'],
  ['9.007199254740993E+15', '9007199254740993'],
  ['1200000000000000000e-2', '12000000000000000'],
  ['1e21', '1000000000000000000000'],
  ['0.12345678901234567', '0.12345678901234567'],
  ['0.0000000000000000', '0'],
  ['-0', -0],
  ['1e3', 1000],
  ['1.0', 1],
  ['1e5000', '1e5000'],
])('reads %s as it is written', (written, read) => {
  for (const text of [`{"a":${written}}`, `{ "a" : ${written} }`, `{"b":"12345678901234567","a":${written}}`]) {
    expect(parseExactly(text)).toMatchObject({ a: read });
  }
});

it('leaves texts, keys and the members of lists as they are', () => {
  const text = '{"1234567890123456789":"1e99","__proto__":["1234567890123456789",null,true,{"x":1234567890123456789}]}';
  expect(JSON.stringify(parseExactly(text))).toBe(
    text.replace('{"x":1234567890123456789}', '{"x":"1234567890123456789"}'),
  );
});

it('refuses what JSON.parse refuses', () => {
  for (const text of ['{"a":01234567890123456789}', '{"a":1234567890123456789.}', '{"a":1234567890123456789']) {
    expect(() => parseExactly(text)).toThrow(SyntaxError);
  }
});

it('writes every whole number out, whatever the place of its point', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), fc.nat(45), (number, shift) => {
      const digits = String(number < 0n ? -number : number).padStart(shift + 1, '0');
      const sign = number < 0n ? '-' : '';
      const point = digits.length - shift;
      const mantissa = shift === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`;
      expect(wholeNumber(`${sign}${mantissa}e${shift}`)).toBe(String(number));
    }),
  );
});
