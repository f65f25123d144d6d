import { createReadStream } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { unlessMissing } from '../../data/objects/durable-files.ts';
import { chainStart, type Link, linkOf } from './chain.ts';

/** A file of the trail: the records that one node has written on one day. */
export type TrailFile = {
  readonly path: string;
  /** `2026-11-30`, in UTC. */
  readonly day: string;
  /** Empty where a home has one server. */
  readonly node: string;
};

const fileName = /^(\d{4}-\d\d-\d\d)(?:\.([\w-]+))?\.jsonl$/;

/** A name of a node as it may stand in that of a file. */
export const nodeName = (text: string): string => text.replaceAll(/[^\w-]/g, '-');

/** The name of a command that writes beside servers. */
export const commandNode = (host: string, pid: number): string => nodeName(`${host}-command-${pid}`);

/** Whether a server of that name looks after a file: it does so for its own, and for those that commands have left. */
export const isNodeOf = (file: Pick<TrailFile, 'node'>, node: string): boolean =>
  file.node === node || /-command-\d+$/.test(file.node);

export const trailFile = (folder: string, day: string, node: string): TrailFile => ({
  path: join(folder, node === '' ? `${day}.jsonl` : `${day}.${node}.jsonl`),
  day,
  node,
});

/** The files in a folder, by node and then by day. */
export async function trailFiles(folder: string): Promise<TrailFile[]> {
  const names = (await readdir(folder).catch(unlessMissing)) ?? [];
  return names
    .flatMap((name) => {
      const [, day, node = ''] = fileName.exec(name) ?? [];
      return day === undefined ? [] : [trailFile(folder, day, node)];
    })
    .toSorted((a, b) => compare(a.node, b.node) || compare(a.day, b.day));
}

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));

/** The lines of a file; `isEnded` is false for a last one without an end. */
export async function* linesOf(path: string): AsyncGenerator<{ readonly line: string; readonly isEnded: boolean }> {
  let rest = '';
  for await (const text of createReadStream(path, { encoding: 'utf8' })) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield { line, isEnded: true };
  }
  if (rest !== '') yield { line: rest, isEnded: false };
}

/** Where the chain of a node goes on: its newest file, the last record, whether a line there has no end. */
export type TrailEnd = { readonly newest: TrailFile | undefined; readonly link: Link; readonly isTorn: boolean };

export async function trailEnd(folder: string, node: string): Promise<TrailEnd> {
  const files = (await trailFiles(folder)).filter((file) => file.node === node).toReversed();
  const [newest] = files;
  if (!newest) return { newest, link: chainStart, isTorn: false };
  const { isTorn, link } = await tailOf(newest.path);
  return { newest, link: link ?? (await lastLinkIn(files.slice(1).toReversed())) ?? chainStart, isTorn };
}

/** The last record in files of one node, which are in the order of days. */
export async function lastLinkIn(files: readonly TrailFile[]): Promise<Link | undefined> {
  for (const { path } of files.toReversed()) {
    const { link } = await tailOf(path);
    if (link) return link;
  }
  return undefined;
}

/** How much of a file's end is read at first: mostly, its last line is whole. */
const firstTail = 2 ** 18;

async function tailOf(path: string): Promise<{ readonly link: Link | undefined; readonly isTorn: boolean }> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    for (let bytes = firstTail; ; bytes *= 4) {
      const from = Math.max(0, size - bytes);
      const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(size - from), position: from });
      const text = buffer.toString('utf8', 0, bytesRead);
      const link = lastLink(text);
      if (link || from === 0) return { link, isTorn: size > 0 && !text.endsWith('\n') };
    }
  } finally {
    await file.close();
  }
}

function lastLink(text: string): Link | undefined {
  for (const line of text.split('\n').toReversed()) {
    const link = linkOf(line);
    if (link) return link;
  }
  return undefined;
}
