/** What a field of a log line may hold: anything that JSON shows as it is. An error is not among it. */
type LogValue = string | number | boolean | null | undefined | readonly LogValue[];

/** Fields of a log line. An error goes under `err`, the one key under which pino shows its message and stack. */
export type LogFields<Fields> = { readonly [Name in keyof Fields]: Name extends 'err' ? unknown : LogValue };

/** A structured log, as pino's loggers are. */
export type Logger = {
  readonly [Level in 'info' | 'warn' | 'error']: <Fields extends LogFields<Fields>>(
    fields: Fields,
    message: string,
  ) => void;
};
