import { incomplete } from './claim.ts';

/** When a request was signed, as text of the form `yyyymmddThhmmssZ` and in milliseconds since the epoch. */
export type SignedTime = { readonly text: string; readonly ms: number };

const basicForm = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

let latest: SignedTime | undefined;

/** @throws ServiceError IncompleteSignature if the text is no time */
export function signedTime(given: string): SignedTime {
  // Calls of the same second have the same text.
  if (latest?.text !== given) latest = parsed(given);
  return latest;
}

function parsed(given: string): SignedTime {
  const [, year, month, day, hour, minute, second] = basicForm.exec(given) ?? [];
  const ms =
    year === undefined
      ? fromDateHeader(given)
      : Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  const text = Number.isNaN(ms) ? '' : basicTime(ms);
  // A month 13 is none, though it can be counted on from.
  if (text !== '' && (year === undefined || text === given)) return { text, ms };
  throw incomplete(
    `Date must be in ISO-8601 'basic format'. Got '${given}'. See http://en.wikipedia.org/wiki/ISO_8601`,
  );
}

/** `Mon, 30 Aug 2015 12:36:00 GMT` */
const fromDateHeader = (given: string) =>
  /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/.test(given) ? Date.parse(given) : Number.NaN;

/** `yyyymmddThhmmssZ`, for years from 0 to 9999. */
export const basicTime = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19).replace(/[:-]/g, '')}Z`;
