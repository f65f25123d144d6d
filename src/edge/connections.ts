import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { addressIn } from './origin.ts';

/** How many connections are taken at once. */
export type ConnectionLimits = {
  /** Each costs some 20 KB, and a file of the process. */
  readonly all: number;
  /** From one address of version 4, or one network of version 6 as a customer has it (/64). */
  readonly eachAddress: number;
  /** Addresses and ranges of proxies, whose connections are those of many clients: only `all` holds for them. */
  readonly proxies: readonly string[];
};

export const defaultConnectionLimits: ConnectionLimits = { all: 10_000, eachAddress: 1000, proxies: [] };

/** The share of connections beyond a limit that are taken for as long as it takes to say that they are too many. */
const toRefuse = 0.1;

/** Counts the connections of a server. Those beyond a limit are to be refused, and those far beyond it are closed. */
export class Connections {
  readonly #limits: ConnectionLimits;
  readonly #isProxy: (address: string | undefined) => boolean;
  readonly #counts = new Map<string, number>();
  readonly #excess = new Set<string>();
  #all = 0;

  constructor(limits: ConnectionLimits) {
    this.#limits = limits;
    this.#isProxy = addressIn(limits.proxies);
  }

  count(server: Server): void {
    server.prependListener('connection', (socket: Socket) => this.#add(socket));
  }

  /** Whether requests over a connection are to be refused. */
  isExcess(socket: Socket): boolean {
    return this.#excess.size > 0 && this.#excess.has(nameOf(socket));
  }

  #add(socket: Socket): void {
    const { all, eachAddress } = this.#limits;
    const network = this.#isProxy(socket.remoteAddress) ? undefined : networkOf(socket.remoteAddress ?? '');
    const ofNetwork = network === undefined ? 0 : (this.#counts.get(network) ?? 0) + 1;
    const excess = Math.max((this.#all + 1) / all, ofNetwork / eachAddress);
    if (excess > 1 + toRefuse) return void socket.destroy();
    this.#all++;
    if (network !== undefined) this.#counts.set(network, ofNetwork);
    // Once a connection is closed, Node knows its address no more.
    const name = nameOf(socket);
    if (excess > 1) this.#excess.add(name);
    socket.once('close', () => {
      this.#all--;
      this.#excess.delete(name);
      if (network !== undefined) this.#leave(network);
    });
  }

  #leave(network: string): void {
    const left = (this.#counts.get(network) ?? 0) - 1;
    if (left > 0) this.#counts.set(network, left);
    else this.#counts.delete(network);
  }
}

/** The same before and within TLS. */
export const nameOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`;

/** The network of a client: its address of version 4, or the first four groups of one of version 6. */
export function networkOf(address: string): string {
  if (!address.includes(':') || address.includes('.')) return address;
  const [start = '', end] = address.split('::');
  const groups = start === '' ? [] : start.split(':');
  const after = end === undefined || end === '' ? 0 : end.split(':').length;
  const missing = end === undefined ? 0 : 8 - groups.length - after;
  return [...groups, ...Array<string>(missing).fill('0'), ...(end ?? '').split(':')].slice(0, 4).join(':');
}
