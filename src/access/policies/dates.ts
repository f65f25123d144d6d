const pattern =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2}))?)?)?$/i;

/**
 * Milliseconds since 1970 of a date as policies write it: ISO 8601 as W3C profiles it, from a year to fractions of a
 * second, or seconds since 1970. Undefined for any other text.
 */
export function parseDate(text: string): number | undefined {
  if (/^-?\d{5,15}(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const match = pattern.exec(text);
  if (!match) return undefined;
  const [, year, month = '01', day = '01', hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] =
    match;
  const time = Date.UTC(0, Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  const date = new Date(time);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  const inRange =
    date.getUTCMonth() === Number(month) - 1 &&
    date.getUTCDate() === Number(day) &&
    Number(hour) < 24 &&
    Number(minute) < 60 &&
    Number(second) < 60;
  return inRange ? date.getTime() + Number(`0.${fraction}0`) * 1000 - offsetOf(zone) : undefined;
}

/** Milliseconds that a zone is ahead of UTC. */
function offsetOf(zone: string): number {
  if (zone.toUpperCase() === 'Z') return 0;
  const sign = zone.startsWith('-') ? -1 : 1;
  return sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))) * 60_000;
}
