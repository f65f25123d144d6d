import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { HmacKey, isDigest } from './hmac-key.ts';

it("makes the digests of Node's HMAC, whatever the key and the text", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), fc.string({ unit: 'binary', maxLength: 300 }), (key, text) => {
      expect(new HmacKey(key).digest(text)).toBe(createHmac('sha256', key).update(text).digest('hex'));
    }),
  );
});

it('refuses a key that is too long', () => {
  expect(() => new HmacKey(new Uint8Array(65))).toThrow(RangeError);
});

it('takes a digest as the expected one if every byte is', () => {
  const digest = new HmacKey(new Uint8Array(32)).digest('text');
  expect(isDigest(digest, digest)).toBe(true);
  for (let at = 0; at < digest.length; at++) {
    const other = digest[at] === '0' ? '1' : '0';
    expect(isDigest(digest.slice(0, at) + other + digest.slice(at + 1), digest)).toBe(false);
  }
  for (const given of ['', digest.slice(2), `${digest}00`, `x${digest.slice(1)}`]) {
    expect(isDigest(given, digest)).toBe(false);
  }
});
