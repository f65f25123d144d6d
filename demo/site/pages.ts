import { join } from 'node:path';
import { build } from 'vite';

/** A file of the site as a browser gets it. */
export type SiteFile = { readonly type: string; readonly content: string | Uint8Array };

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};

/** The pages, bundled by Vite: files by path. Nothing is written to the disk. */
export async function bundlePages(): Promise<ReadonlyMap<string, SiteFile>> {
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    root: join(import.meta.dirname, '../web'),
    build: { write: false, target: 'es2022' },
  });
  const [bundle] = [result].flat();
  if (!bundle || !('output' in bundle)) throw new Error('The pages were not bundled.');
  return new Map(
    bundle.output.map((file) => {
      const type = types[file.fileName.split('.').at(-1) ?? ''] ?? 'application/octet-stream';
      return [`/${file.fileName}`, { type, content: file.type === 'chunk' ? file.code : file.source }];
    }),
  );
}
