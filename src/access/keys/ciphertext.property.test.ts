import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decrypt, encrypt, headerOf } from './ciphertext.ts';
import { contextBytes } from './encryption-context.ts';

const header = fc.record({ keyId: fc.uuid(), version: fc.integer({ min: 1, max: 2 ** 32 - 1 }) });
const key = fc.uint8Array({ minLength: 32, maxLength: 32 });
const context = fc.dictionary(fc.string(), fc.string(), { maxKeys: 4, noNullPrototype: true });
const plaintext = fc.uint8Array({ maxLength: 4096 });

describe('a ciphertext', () => {
  it('is decrypted by its key and context, and names the version of the key', () => {
    fc.assert(
      fc.property(key, header, plaintext, context, (key, header, plaintext, context) => {
        const ciphertext = encrypt(key, header, plaintext, context);
        expect(headerOf(ciphertext)).toEqual(header);
        const reversed = Object.fromEntries(Object.entries(context).reverse());
        expect(decrypt(key, ciphertext, reversed)).toEqual(Buffer.from(plaintext));
      }),
    );
  });

  it('says nothing once a bit of it is flipped, or some of it is missing', () => {
    fc.assert(
      fc.property(key, header, plaintext, context, fc.nat(), (key, header, plaintext, context, at) => {
        const ciphertext = encrypt(key, header, plaintext, context);
        const flipped = Buffer.from(ciphertext);
        const bit = at % (ciphertext.length * 8);
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        if (headerOf(flipped)) expect(decrypt(key, flipped, context)).toBeUndefined();
        const cut = ciphertext.subarray(0, at % ciphertext.length);
        if (headerOf(cut)) expect(decrypt(key, cut, context)).toBeUndefined();
      }),
    );
  });

  it('says nothing to another key or another context', () => {
    fc.assert(
      fc.property(key, header, plaintext, context, context, (key, header, plaintext, context, other) => {
        const ciphertext = encrypt(key, header, plaintext, context);
        expect(decrypt(randomBytes(32), ciphertext, context)).toBeUndefined();
        fc.pre(!isSame(context, other));
        expect(decrypt(key, ciphertext, other)).toBeUndefined();
      }),
    );
  });

  it('is another one each time', () => {
    const header = { keyId: '0b1c2d3e-0000-4000-8000-000000000000', version: 1 };
    const once = () => encrypt(new Uint8Array(32), header, new Uint8Array(8), {}).toString('hex');
    expect(new Set(Array.from({ length: 50 }, once)).size).toBe(50);
  });
});

const sorted = (context: Readonly<Record<string, string>>) => JSON.stringify(Object.entries(context).sort());
const isSame = (one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>) =>
  sorted(one) === sorted(other);

describe('an encryption context as bytes', () => {
  it('is the same for the same members alone', () => {
    fc.assert(
      fc.property(context, context, (one, other) => {
        expect(contextBytes(one).equals(contextBytes(other))).toBe(isSame(one, other));
      }),
    );
  });

  it.each([
    [{ ab: 'c' }, { a: 'bc' }],
    [{ a: 'b', c: 'd' }, { a: 'bcd' }],
    [{ a: '' }, {}],
  ])('tells %j from %j', (one, other) => {
    expect(contextBytes(one).equals(contextBytes(other))).toBe(false);
  });
});
