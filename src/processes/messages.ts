import type { ControlPeer, Primary } from '../control/peers.ts';
import type { Statements } from '../data/database/sqlite/statements-for-others.ts';
import type { Measurements } from '../edge/metrics.ts';
import type { Token } from '../edge/rate-limits.ts';
import type { SharedTurns } from '../util/turns.ts';

/** What the processes of a server ask each other, whichever they are. */
export type PeerMethods = ControlPeer & {
  /** Reads access keys and policies that have changed. */
  refreshPrincipals(): Promise<void>;
  measurements(): Promise<Measurements>;
};

/** Whether space for deletions is held, and what a person has to do where it is not. */
export type RoomState = { readonly isHeld: boolean; readonly advice: string };

/** What an API process is asked by the process that has started it. */
export type ApiProcessMethods = PeerMethods & {
  roomChanged(state: RoomState): void;
  /** Resolves as long as the event loop turns. */
  ping(): void;
  /** Answers requests under way, and ends the process. */
  close(): void;
};

/** What an API process has to know when it starts. */
export type Startup<Options> = {
  readonly options: Options;
  /** Where all processes of the server listen. */
  readonly port: number;
  /** From 1 on; one that follows a dead process has its number. */
  readonly number: number;
  /** Of those that are started. */
  readonly count: number;
  readonly token: string;
  /** Absent where the server has no reserve. */
  readonly room?: RoomState;
};

/** Where a process listens. */
export type Listening = { readonly url: string; readonly fingerprint?: string | undefined };

/** What the process that has started the others is asked by them. */
export type PrimaryMethods<Options> = Statements &
  SharedTurns &
  Primary & {
    startup(): Startup<Options>;
    /** From then on the process takes part in what all processes are asked. */
    join(): void;
    listening(where: Listening): void;
    /** It cannot start. @param error as it crosses a channel */
    failed(error: unknown): void;
    snapshot(file: string): Promise<void>;
    /** @throws ServiceError ThrottlingException */
    take(tokens: readonly Token[]): void;
    releaseRoom(): Promise<boolean>;
    restoreRoom(): Promise<boolean>;
    askOthers(name: keyof PeerMethods, parameters: readonly unknown[]): Promise<unknown[]>;
  };
