import fc from 'fast-check';
import { expect, it } from 'vitest';
import { boolean, double, integer, list, map, optional, string, structure } from '../../contract/shape.ts';
import { parametersOf } from './query.fixture.ts';
import { decodeQueryInput } from './query-input.ts';

const shape = structure({
  name: string(),
  size: optional(integer()),
  ratio: optional(double()),
  isOpen: optional(boolean()),
  tags: optional(list(structure({ key: string(), value: list(string()) }))),
  labels: optional(map(string(), structure({ text: string() }))),
});

const text = fc.string({ unit: 'grapheme' }).filter((given) => given.isWellFormed() && !given.includes('\0'));
const input = fc.record(
  {
    name: text,
    size: fc.integer(),
    ratio: fc.integer().map((number) => number / 8),
    isOpen: fc.boolean(),
    tags: fc.array(fc.record({ key: text, value: fc.array(text, { maxLength: 3 }) }), { maxLength: 12 }),
    labels: fc.uniqueArray(fc.tuple(fc.oneof(text, fc.constant('__proto__')), fc.record({ text })), {
      minLength: 1,
      maxLength: 3,
      selector: ([key]) => key,
    }),
  },
  { requiredKeys: ['name'] },
);

const decode = (query: string, body: string | Uint8Array = '') =>
  decodeQueryInput({ url: `/?${query}`, body: Buffer.from(body) }, shape);

it('reads back what SDKs write, in a body, in a URL, or in both', () => {
  fc.assert(
    fc.property(input, fc.boolean(), fc.infiniteStream(fc.boolean()), (value, isPlus, inUrl) => {
      const { labels, ...members } = value;
      const parameters = [
        ...parametersOf(members),
        ...parametersOf(new Map(labels), 'Labels').filter(() => labels !== undefined),
      ];
      // The two ways to encode a form.
      const encoded = parameters.map((parameter) =>
        isPlus ? String(new URLSearchParams([parameter])) : parameter.map(encodeURIComponent).join('='),
      );
      const [query, body]: [string[], string[]] = [[], []];
      for (const parameter of encoded) (inUrl.next().value ? query : body).push(parameter);
      const expected = { ...members, ...(labels && { labels: Object.fromEntries(labels) }) };
      expect(decode(query.join('&'), body.join('&'))).toEqual(expected);
    }),
  );
});

it('ends with an input or a refusal for any parameters', () => {
  const pieces = [
    'Name',
    'Tags',
    'member',
    'entry',
    'key',
    'value',
    '1',
    '2',
    '01',
    '-1',
    '9'.repeat(30),
    '',
    '.',
    '&',
  ];
  const more = ['=', '%', '%zz', '%ff', '%00', '+', '__proto__', 'Labels', 'Size', 'constructor'];
  const form = fc.array(fc.constantFrom(...pieces, ...more), { maxLength: 40 }).map((some) => some.join(''));
  fc.assert(
    fc.property(form, fc.uint8Array({ maxLength: 40 }), (query, bytes) => {
      for (const body of ['', query, bytes]) {
        try {
          expect(decode(query, body)).toBeTypeOf('object');
        } catch (error) {
          expect(error).toMatchObject({ code: 'SerializationException' });
        }
      }
    }),
    { numRuns: 2000 },
  );
});

it.each([
  ['a parameter twice', 'Name=a&Name=b', 'Name may be given once.'],
  ['a structure where a text is due', 'Name.Member=a', 'Name must be a single value.'],
  ['a text where a list is due', 'Name=a&Tags=b', 'Tags must not be a single value.'],
  ['a list with a gap', 'Tags.member.1.Key=a&Tags.member.3.Key=b', 'The numbers in Tags.member must go from 1 to 2.'],
  ['a huge index', 'Tags.member.4294967296.Key=a', 'The numbers in Tags.member must go from 1 to 1.'],
  ['an index with a zero before it', 'Tags.member.01.Key=a', 'The numbers in Tags.member must go from 1 to 1.'],
  ['a list without its word', 'Tags.1.Key=a', 'Tags must be given as Tags.member.1.'],
  ['an entry without a value', 'Labels.entry.1.key=a', 'An entry of Labels lacks a key or a value.'],
  [
    'a key twice',
    'Labels.entry.1.key=a&Labels.entry.1.value.Text=b&Labels.entry.2.key=a&Labels.entry.2.value.Text=c',
    'Labels has a key twice.',
  ],
  ['a number that is none', 'Size=1e3', 'Size must be a number.'],
  ['a number beyond all', `Size=${'9'.repeat(30)}`, 'Size must be a number.'],
  ['a truth that is none', 'IsOpen=yes', 'IsOpen must be true or false.'],
  ['bytes that are not UTF-8', 'Name=%ff', 'The form is not URL-encoded UTF-8 text.'],
  ['half of a surrogate pair', 'Name=%ed%a0%80', 'The form is not URL-encoded UTF-8 text.'],
  ['an escape that is none', 'Name=%zz', 'The form is not URL-encoded UTF-8 text.'],
  ['U+0000', 'Name=%00', 'A parameter holds U+0000.'],
  ['a bottomless name', `${'a.'.repeat(100)}a=1`, 'A name has more than 16 parts.'],
  ['more parameters than any operation takes', 'a=1&'.repeat(2001), /more than 2000 parameters/],
])('refuses %s', (_what, form, message) => {
  expect(() => decode('', form)).toThrow(message);
});

it('takes no form of a size that no operation takes', () => {
  expect(() => decode('', `Name=${'a'.repeat(600_000)}`)).toThrow(
    expect.objectContaining({ code: 'RequestEntityTooLarge' }),
  );
});

it('takes no body that is not UTF-8 itself', () => {
  expect(() => decode('', Buffer.from('Name=\xff', 'latin1'))).toThrow('The body is not UTF-8 text.');
});

it('leaves out what the operation does not know, and what belongs to the signature', () => {
  expect(decode('X-Amz-Date=1&X-Amz-Date=2', 'Action=A&Version=1&Name=a&Unknown.member.1=b')).toEqual({ name: 'a' });
});
