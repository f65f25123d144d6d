/** How long work reports where it stands, and learns that it should stop. */
export type Watch = {
  /** `fraction` of the whole, 0 to 1; `note` says in a few words what is being done. */
  progress(fraction: number, note: string): void;
  readonly signal: AbortSignal;
};
