import type { Database } from '../database/database.ts';
import type { Layout } from './layout.ts';

/** Stands for a layout in the record log. */
export type LayoutId = number;

/**
 * The layouts that lines of the record log have or had, each known by a number. They never change, so what was read
 * stays true.
 */
export class Layouts {
  readonly #database: Database;
  readonly #ids = new Map<string, Promise<LayoutId>>();
  readonly #layouts = new Map<LayoutId, Layout>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** The number of a layout, given to it when it is first asked for. */
  async idOf(layout: Layout): Promise<LayoutId> {
    const columns = JSON.stringify(layout.map(({ name, type }) => ({ name, type })));
    const known = this.#ids.get(columns);
    if (known) return await known;
    const id = this.#findOrAdd(columns).then((found) => {
      this.#layouts.set(found, layout);
      return found;
    });
    this.#ids.set(columns, id);
    id.catch(() => this.#ids.delete(columns));
    return await id;
  }

  /** A layout that this node has given a number to or got before. */
  known(id: LayoutId): Layout {
    const layout = this.#layouts.get(id);
    if (!layout) throw new Error(`Layout ${id} of the record log is used before it is read.`);
    return layout;
  }

  async get(id: LayoutId): Promise<Layout> {
    const known = this.#layouts.get(id);
    if (known) return known;
    const { columns } = await this.#database
      .selectFrom('record_layouts')
      .select('columns')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    const layout: Layout = JSON.parse(columns);
    this.#layouts.set(id, layout);
    return layout;
  }

  async #findOrAdd(columns: string): Promise<LayoutId> {
    const find = () =>
      this.#database.selectFrom('record_layouts').select('id').where('columns', '=', columns).executeTakeFirst();
    const found = await find();
    if (found) return found.id;
    await this.#database
      .insertInto('record_layouts')
      .values({ columns })
      .onConflict((conflict) => conflict.column('columns').doNothing())
      .execute();
    const added = await find();
    if (!added) throw new Error('A layout of the record log vanished.');
    return added.id;
  }
}
