import { serialize } from 'node:v8';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FrameReader } from './frames.ts';

function framed(value: unknown): Buffer {
  const content = serialize(value);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(content.length);
  return Buffer.concat([length, content]);
}

it('takes every value out of a stream, however that is cut', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), fc.integer({ min: 1, max: 9 }), (values, size) => {
      const read: unknown[] = [];
      const frames = new FrameReader((value) => read.push(value));
      const bytes = Buffer.concat(values.map(framed));
      for (let at = 0; at < bytes.length; at += size) frames.add(bytes.subarray(at, at + size));
      expect(read).toEqual(values.map((value) => structuredClone(value)));
    }),
  );
});
