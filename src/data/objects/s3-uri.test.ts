import { expect, it } from 'vitest';
import { parseS3Uri } from './s3-uri.ts';

it.each([
  ['s3://bucket/key', 'bucket', 'key'],
  ['s3://my.bucket-1/a/b c/ü?x#y.csv', 'my.bucket-1', 'a/b c/ü?x#y.csv'],
  ['s3://bucket/folder/', 'bucket', 'folder/'],
  ['s3://bucket/', 'bucket', ''],
  ['s3://bucket', 'bucket', ''],
])('reads %s', (uri, bucket, key) => {
  expect(parseS3Uri(uri)).toEqual({ bucket, key });
});

it.each([
  ['https://bucket.s3.amazonaws.com/key', /web address: write the location as s3:\/\/bucket\/key/],
  ['HTTP://host/key', /web address/],
  ['s3:/bucket/key', /not a location of the form s3:\/\/bucket\/key/],
  ['bucket/key', /not a location/],
  ['', /not a location/],
  ['s3:///key', /not a location/],
  ['s3://../key', /not the name of a bucket/],
  ['s3://UPPER/key', /not the name of a bucket/],
])('refuses %j', (uri, message) => {
  expect(() => parseS3Uri(uri)).toThrow(message);
});
