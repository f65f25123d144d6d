import { ImportError } from './import-error.ts';

/** How files of other kinds begin, in bytes as Latin-1. */
const beginnings: readonly (readonly [string, string])[] = [
  ['PAR1\x15', 'a Parquet file'],
  ['PK\x03\x04', 'a ZIP archive (or a spreadsheet)'],
  ['PK\x05\x06', 'an empty ZIP archive'],
  ['\x1f\x8b', 'a gzip file within a gzip file'],
  ['BZh9', 'a bzip2 file'],
  ['\x28\xb5\x2f\xfd', 'a Zstandard file'],
  ['\xfd7zXZ\0', 'an xz file'],
  ['7z\xbc\xaf\x27\x1c', 'a 7-Zip archive'],
  ['Obj\x01', 'an Avro file'],
  ['ORC\0', 'an ORC file'],
  ['ORC\x0a', 'an ORC file'],
  ['\xd0\xcf\x11\xe0', 'a spreadsheet'],
  ['%PDF', 'a PDF file'],
  ['SQLite format 3\0', 'a SQLite database'],
  ['{"', 'JSON'],
  ['[{', 'JSON'],
];

/** @throws ImportError that says what a file is whose first bytes are not those of CSV in UTF-8. */
export function checkKind(start: Uint8Array, uri: string): void {
  if (isUtf16(start)) throw new ImportError(`${uri} is encoded in UTF-16: save it as UTF-8.`);
  const text = Buffer.from(start.subarray(0, 512)).toString('latin1');
  const kind = beginnings.find(([beginning]) => text.startsWith(beginning))?.[1];
  const isTar = text.slice(257, 262) === 'ustar';
  if (kind === undefined && !isTar) return;
  throw new ImportError(`${uri} is ${kind ?? 'a tar archive'}, not CSV: convert it to CSV in UTF-8, plain or gzipped.`);
}

/** By its byte order mark, or because every other byte of its first four characters is zero. */
function isUtf16(start: Uint8Array): boolean {
  const [first, second] = start;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true;
  const zeros = [...start.subarray(0, 8)].map((byte) => (byte === 0 ? '0' : 'x')).join('');
  return zeros === 'x0x0x0x0' || zeros === '0x0x0x0x';
}
