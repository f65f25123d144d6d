// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the variables of policies look like that
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applies } from './decision.fixture.ts';
import { refusal } from './refusal.fixture.ts';

describe('a hostile document', () => {
  const arn = (tail: string) => `arn:aws:s3:::${tail}`;
  const decided = (statement: object, resource: string) => applies({ ...statement }, { resource });

  it('is refused where it is huge or deep, before anything is made of it', () => {
    expect(refusal(' '.repeat(131_073))).toBe('The document has more than 131072 characters.');
    expect(refusal('['.repeat(100_000))).toBe('The document nests deeper than 10 levels.');
    expect(refusal(`{"Statement":${'{"a":'.repeat(20_000)}`)).toBe('The document nests deeper than 10 levels.');
  });

  // Were the time exponential, these would never end.
  it('cannot make matching slow by its wildcards', () => {
    expect(decided({ Resource: arn(`${'*a'.repeat(2_000)}b`) }, arn('a'.repeat(5_000)))).toBe(false);
    expect(decided({ Resource: arn(`${'*a'.repeat(2_000)}`) }, arn('a'.repeat(5_000)))).toBe(true);
    expect(decided({ Resource: arn(`${'*?'.repeat(2_000)}b`) }, arn('a'.repeat(5_000)))).toBe(false);
    expect(decided({ Resource: `arn:aws:s3:${'*a'.repeat(2_000)}b::x` }, `arn:aws:s3:${'a'.repeat(5_000)}::x`)).toBe(
      false,
    );
    expect(decided({ Resource: arn('*'.repeat(9_000)) }, arn('films'))).toBe(true);
    const Condition = { StringLike: { 'aws:UserAgent': `${'*a'.repeat(2_000)}b` } };
    expect(applies({ Condition }, { context: { 'aws:UserAgent': 'a'.repeat(10_000) } })).toBe(false);
  });

  it('has no names that mean something to JavaScript', () => {
    for (const name of ['__proto__', 'constructor', 'toString']) {
      const statement = `"Effect":"Allow","Action":"*","Resource":"*"`;
      expect(refusal(`{"Statement":{${statement},"${name}":{}}}`)).toContain(`has no element ${name}`);
      expect(refusal(`{"Statement":{${statement},"Condition":{"${name}":{"a:b":"c"}}}}`)).toContain(
        'no condition operator',
      );
    }
  });

  it('is read, or refused with a place, whatever is in it', () => {
    const keys = fc.constantFrom(
      'Statement',
      'Effect',
      'Action',
      'Resource',
      'Condition',
      'StringLike',
      'aws:userid',
      'Sid',
    );
    const values = fc.constantFrom('Allow', '*', 'a:b', 'arn:aws:s3:::${', '\ud800', '${}', '\0', '2012-10-17');
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        values,
        fc.jsonValue(),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(keys, tie('tree'), { maxKeys: 5 }),
      ),
    }));
    const isRead = (text: string) => {
      expect(typeof refusal(text)).toBe('string');
    };
    fc.assert(
      fc.property(tree, (value) => isRead(JSON.stringify(value))),
      { numRuns: 700 },
    );
    fc.assert(
      fc.property(tree, (value) => isRead(JSON.stringify({ Statement: value }))),
      { numRuns: 700 },
    );
    fc.assert(fc.property(fc.string({ unit: 'binary' }), isRead), { numRuns: 500 });
  });
});
