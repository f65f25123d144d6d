/** Numbers that a double may not hold to the last digit: 16 digits or more, or an exponent of two digits or more. */
const longNumber = /[\d.]{16}|[\s:,[]-?[\d.]+e\+?\d\d/i;

/** Digits up to which a whole number is written out; no column takes a text with more. */
const mostDigits = 1000;

/** The strings and numbers of a text that is JSON. */
const stringOrNumber = /"(?:[^"\\]|\\.)*"|-?\d[\d.]*(?:e[+-]?\d+)?/gi;

/**
 * As JSON.parse, but numbers that a double would round come back as texts with all their digits. They are put in quotes
 * before they are parsed: a reviver, which sees every value, would take several times as long.
 *
 * @throws what JSON.parse throws
 */
export function parseExactly(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return longNumber.test(text) ? JSON.parse(text.replace(stringOrNumber, keepDigits)) : value;
}

function keepDigits(written: string): string {
  if (written.startsWith('"') || !longNumber.test(` ${written}`)) return written;
  return `"${wholeNumber(written) ?? written}"`;
}

/** A JSON number without point and exponent; undefined if it is not a whole number or has too many digits. */
export function wholeNumber(number: string): string | undefined {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(number) ?? [];
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (digits === '' || point > mostDigits || /[1-9]/.test(digits.slice(Math.max(point, 0)))) return undefined;
  const written =
    digits
      .slice(0, Math.max(point, 0))
      .padEnd(point, '0')
      .replace(/^0+(?=\d)/, '') || '0';
  return written === '0' ? written : sign + written;
}
