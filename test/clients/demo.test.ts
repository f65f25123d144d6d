import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chromiumFor } from '../support/chromium.ts';
import { type ServerProcess, startServerProcess } from '../support/server.ts';

// Each demo from its command to a visitor who clicks, in a real browser, at the smallest size.

const program = join(import.meta.dirname, '../../demo/main.ts');

let server: ServerProcess;
let browser: Browser | undefined;
beforeAll(async () => {
  server = await startServerProcess();
  const executablePath = await chromiumFor('the demos are');
  if (executablePath === undefined) return;
  const quiet = ['quic', 'background-networking', 'component-update', 'sync', 'gpu'].map((what) => `--disable-${what}`);
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--no-first-run', ...quiet] });
});
afterAll(async () => {
  await browser?.close();
  await server[Symbol.asyncDispose]();
});

/** Runs a demo against the server until it has written what fits. */
async function runDemo(name: string, until: RegExp) {
  const options = ['--endpoint', server.url, '--size', 'small', '--port', '0'];
  const child = spawn(process.execPath, [program, name, ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
  const gone = once(child, 'close');
  const { promise: written, resolve, reject } = Promise.withResolvers<string>();
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const [found, part = found] = until.exec(output) ?? [];
      if (found !== undefined) resolve(part ?? found);
    });
  }
  gone.then(() => reject(new Error(`The demo ended:\n${output}`)));
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await gone;
    return child.exitCode;
  };
  const match = await written;
  return { match, output: () => output, end, [Symbol.asyncDispose]: async () => void (await end('SIGKILL')) };
}

const isOpen = /is open: (http:\S+)/;

/** A page as a new visitor; what it reports as errors fails the test at the end. */
async function visit(of: Browser, url: string) {
  const page = await of.newPage();
  // Against a page that never comes, as the limits of all tests are; a slow machine is none.
  page.setDefaultTimeout(300_000);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.goto(url);
  return { page, errors };
}

/** Cards of a row once its answer has come. */
async function cards(page: Page, row: string) {
  const section = page.locator(`[data-row="${row}"]`);
  await section.locator('ul:not([aria-busy])').waitFor();
  return await section
    .locator('[data-item]')
    .evaluateAll((all) =>
      all.map((card) => ({ id: card.getAttribute('data-item') ?? '', category: card.getAttribute('data-category') })),
    );
}

async function home(page: Page, row: string) {
  await page.locator('a.logo').click();
  await page.locator('section.hero').waitFor();
  return await cards(page, row);
}

/** Opens the item of a card, and waits for what is recommended next to it. */
async function open(page: Page, row: string, id: string, besides: string) {
  await page.locator(`[data-row="${row}"] [data-item="${id}"] a`).click();
  await page.locator(`section.item[data-item="${id}"]`).waitFor();
  await cards(page, besides);
}

type Rows = { readonly live: string; readonly popular: string; readonly beside: string };

/** Opens three items of a category and sees the visitor's own row follow. */
async function seeItFollow(page: Page, { live, popular, beside }: Rows, category: string) {
  const share = (all: Awaited<ReturnType<typeof cards>>) => all.filter((card) => card.category === category).length;
  const before = share(await cards(page, live));
  for (const n of [0, 1, 2]) {
    await page.locator('nav a', { hasText: category }).click();
    await page.locator('h1', { hasText: category }).waitFor();
    // Films may be of more genres than their first.
    const { id = '' } = (await cards(page, popular)).filter((card) => card.category === category)[n] ?? {};
    await open(page, popular, id, beside);
  }
  await expect.poll(async () => share(await home(page, live))).toBeGreaterThan(before + 1);
}

/** Takes the first item of the visitor's own row, and sees it gone. */
async function seeItGone(page: Page, { live, beside }: Rows, button: string) {
  const [first = { id: '' }] = await home(page, live);
  await open(page, live, first.id, beside);
  await page.locator('section.item button', { hasText: button }).click();
  await page.locator('section.item button:disabled').first().waitFor();
  await expect.poll(async () => (await home(page, live)).map(({ id }) => id)).not.toContain(first.id);
}

test('retail: after three clicks the home page follows, what is bought is gone, an action is answered', async (context) => {
  if (browser === undefined) return context.skip('there is no Chromium on this machine');
  const first = await runDemo('retail', /Import of items/);
  await first.end('SIGKILL');
  await using demo = await runDemo('retail', isOpen);
  const { page, errors } = await visit(browser, demo.match);
  const rows = { live: 'for-you', popular: 'best-sellers', beside: 'also-viewed' };
  await seeItFollow(page, rows, 'Garden');
  expect(await page.locator('aside .calls').textContent()).toMatch(/PutEvents.*View/);
  await page.locator('[data-row="for-you"] .card button').first().click();
  await page.locator('aside .why h3', { hasText: 'Why' }).waitFor();
  await seeItGone(page, rows, 'Buy now');

  await home(page, 'for-you');
  const action = page.locator('section.action[data-action]');
  const asked = await action.getAttribute('data-action');
  await action.locator('button', { hasText: 'No, thanks' }).click();
  await expect.poll(() => action.getAttribute('data-action')).not.toBe(asked);
  expect(errors).toEqual([]);
  expect(await demo.end('SIGTERM')).toBe(0);
});

test('video: after three clicks the home page follows, what is watched is gone', async (context) => {
  if (browser === undefined) return context.skip('there is no Chromium on this machine');
  await using demo = await runDemo('video', isOpen);
  const { page, errors } = await visit(browser, demo.match);
  const rows = { live: 'top-picks', popular: 'most-popular', beside: 'because-you-watched' };
  await seeItFollow(page, rows, 'Western');
  await seeItGone(page, rows, 'Watch');
  expect(await home(page, 'trending')).not.toEqual([]);
  expect(errors).toEqual([]);
});
