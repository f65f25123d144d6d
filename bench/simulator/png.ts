import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Size } from './chart.ts';

const run = promisify(execFile);
/** Pixels a unit of the drawing. */
const scale = 2;

/** Writes an SVG document as PNG, as a browser shows it. */
export async function writePng(browser: string, svg: string, { width, height }: Size, path: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'openpersonalize-chart-'));
  try {
    const page = join(folder, 'chart.html');
    await writeFile(page, `<!doctype html><meta charset="utf-8"><body style="margin:0">${svg}</body>`);
    await run(browser, [
      ...['--headless=new', '--no-sandbox', '--disable-gpu', '--hide-scrollbars'],
      ...[`--user-data-dir=${join(folder, 'profile')}`, `--force-device-scale-factor=${scale}`],
      ...[`--window-size=${width},${height}`, `--screenshot=${path}`, `file://${page}`],
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
