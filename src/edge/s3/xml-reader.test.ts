import fc from 'fast-check';
import { expect, it } from 'vitest';
import { xmlDocument } from '../xml.ts';
import { childrenOf, readXml, textOf } from './xml-reader.ts';

it('reads what SDKs write', () => {
  const root = readXml(
    '<?xml version="1.0" encoding="UTF-8"?>\n<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><!-- two -->' +
      "<Object><Key>a &amp; &#98;&#x63;</Key></Object><s3:Object a='>'><Key><![CDATA[<d>]]></Key></s3:Object><Quiet/></Delete>\n",
  );
  expect(root.name).toBe('Delete');
  expect(childrenOf(root, 'Object').map((node) => textOf(node, 'Key'))).toEqual(['a & bc', '<d>']);
  expect(textOf(root, 'Quiet')).toBe('');
});

it.each([
  '',
  'text',
  '<a>',
  '<a></b>',
  '<a/><b/>',
  '<a>&nothing;</a>',
  '<a>&amp</a>',
  '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
  '<a b=c/>',
  '<a>'.repeat(50) + '</a>'.repeat(50),
])('refuses %s', (text) => {
  expect(() => readXml(text)).toThrow(/not well-formed/);
});

it('reads back any text that is written, and ends with a document or a refusal on anything else', () => {
  const text = fc.string({ unit: 'grapheme' }).filter((given) => given.isWellFormed());
  fc.assert(
    fc.property(text, (given) => {
      const isXml = [...given].every((one) => (one >= ' ' || '\t\n\r'.includes(one)) && !'\ufffe\uffff'.includes(one));
      if (isXml) expect(textOf(readXml(xmlDocument('a', { b: given })), 'b')).toBe(given);
    }),
  );
  const pieces = fc.array(
    fc.constantFrom('<', '>', '</', 'a', '/>', '&', ';', '<!--', '-->', '<![CDATA[', ']]>', '"', '=', ' '),
  );
  fc.assert(
    fc.property(pieces, (some) => {
      try {
        readXml(some.join(''));
      } catch (error) {
        expect(error).toMatchObject({ code: 'MalformedXML' });
      }
    }),
  );
});
