/** Matches digits in one way alone, so that a long text which is no number takes no longer than one that is. */
const decimal = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/**
 * Whether a text is a plain decimal number, with or without an exponent: no blanks, no `0x1`, no `Infinity`. It may be
 * beyond all floats.
 */
export const isDecimal = (text: string): boolean => decimal.test(text);
