import { finished, PassThrough, type Readable } from 'node:stream';

/** Passes content on, and an error that breaks it off as what `translate` makes of it. */
export function translatedStream(source: Readable, translate: (error: Error) => Error): Readable {
  const translated = new PassThrough();
  finished(source, (error) => {
    if (error) translated.destroy(translate(error));
  });
  translated.on('close', () => source.destroy());
  return source.pipe(translated);
}
