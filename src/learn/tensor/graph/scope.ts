import { gather } from '../operations/gather.ts';
import type { Initialiser } from './initialisers.ts';
import { type Shape, sameShape, shapeText } from './shape.ts';
import { describe, input, type Parameter, type Value } from './value.ts';

/** A parameter with its value in graphs. */
export type Entry = {
  readonly parameter: Parameter;
  readonly value: Value;
  /** Of a table of which a step reads and updates only the rows that `ids` names. */
  readonly touched?: { readonly ids: Value; readonly rows: Value };
};

/**
 * The parameters of a model by name. A model is a function that takes a scope and values: called again on the same
 * scope, for another batch or for inference, it finds the parameters of the first call.
 */
export class Scope {
  readonly seed: number;
  readonly #path: string;
  readonly #entries: Map<string, Entry>;

  private constructor(seed: number, path: string, entries: Map<string, Entry>) {
    this.seed = seed;
    this.#path = path;
    this.#entries = entries;
  }

  static root(seed: number): Scope {
    return new Scope(seed, '', new Map());
  }

  /** The part of the model of this name: its parameters' names begin with it. */
  in(name: string | number): Scope {
    return new Scope(this.seed, `${this.#path}${name}.`, this.#entries);
  }

  /** All parameters of the model, in the order of their first use. */
  get entries(): readonly Entry[] {
    return [...this.#entries.values()];
  }

  /** @throws Error if the parameter exists with another shape or as a table of touched rows */
  parameter(name: string, shape: Shape, initialise: Initialiser): Value {
    const entry = this.#found(name, shape) ?? this.#declare(name, shape, initialise);
    if (entry.touched) throw new Error(`${entry.parameter.name} is a table of touched rows.`);
    return entry.value;
  }

  /**
   * A table of which each step touches at most `touched` rows. The step is fed their numbers as `<name>.touched`, all
   * different and filled up with −1. In training the model reads `rows`, numbered as they were fed, and never `table`,
   * which is for inference.
   *
   * @throws Error if the parameter exists with another shape or as a dense one
   */
  table(name: string, [rows, width]: readonly [number, number], touched: number, initialise: Initialiser): Table {
    const {
      value,
      touched: read,
      parameter,
    } = this.#found(name, [rows, width]) ?? this.#declare(name, [rows, width], initialise, Math.min(touched, rows));
    if (!read) throw new Error(`${parameter.name} is a dense parameter.`);
    return { table: value, rows: read.rows };
  }

  #found(name: string, shape: Shape): Entry | undefined {
    const found = this.#entries.get(this.#path + name);
    if (!found || sameShape(found.parameter.shape, shape)) return found;
    throw new Error(`${describe(found.value)} was asked for as ${shapeText(shape)}.`);
  }

  #declare(name: string, shape: Shape, initialise: Initialiser, touched?: number): Entry {
    const path = this.#path + name;
    const parameter = { name: path, shape, initialise };
    const value: Value = { type: 'float32', shape, source: { kind: 'parameter', parameter } };
    const entry =
      touched === undefined ? { parameter, value } : { parameter, value, touched: rowsOf(value, path, touched) };
    this.#entries.set(path, entry);
    return entry;
  }
}

/** A table as training and as inference see it. */
export type Table = { readonly rows: Value; readonly table: Value };

function rowsOf(table: Value, path: string, touched: number) {
  const ids = input(`${path}.touched`, [touched], 'int32');
  return { ids, rows: gather(table, ids) };
}
