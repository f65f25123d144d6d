import { readFilter } from './checker.ts';
import type { Filter } from './filter.ts';
import { FilterError } from './filter-error.ts';
import type { GroupSchemas, SchemaColumn } from './schemas.ts';

/** A column as `NAME type`, where the type may be `categorical` or `textual`. */
function column(text: string): SchemaColumn {
  const [name = '', type = ''] = text.split(' ');
  const [categorical, textual] = [type === 'categorical', type === 'textual'];
  const plain = { name, categorical, textual };
  switch (type) {
    case 'boolean':
    case 'int':
    case 'long':
    case 'float':
    case 'double':
      return { ...plain, type };
    default:
      return { ...plain, type: 'string' };
  }
}

export const schema = (...columns: readonly string[]) => ({ fields: columns.map(column) });

/** The dataset group of the specification's examples. */
export const schemas: GroupSchemas = {
  ITEMS: schema(
    'ITEM_ID string',
    'GENRE categorical',
    'PRICE float',
    'YEAR int',
    'IN_STOCK string',
    'LIVE boolean',
    'TITLE string',
    'PLOT textual',
    'CREATION_TIMESTAMP long',
  ),
  USERS: schema('USER_ID string', 'TIER categorical', 'AGE int', 'VIP boolean'),
  INTERACTIONS: schema('USER_ID string', 'ITEM_ID string', 'TIMESTAMP long', 'EVENT_TYPE string', 'DEVICE string'),
  ACTIONS: schema('ACTION_ID string', 'KIND categorical', 'VALUE long', 'REPEAT_FREQUENCY long'),
  ACTION_INTERACTIONS: schema('USER_ID string', 'ACTION_ID string', 'TIMESTAMP long', 'EVENT_TYPE string'),
};

export const read = (expression: string, group: GroupSchemas = schemas): Filter => readFilter(expression, group);

/** The error for an expression that is no filter, and where: what stands from its position on. */
export function refusal(expression: string, group: GroupSchemas = schemas): { reason: string; at: string } {
  try {
    readFilter(expression, group);
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    const reason = error.message.replace(/^Could not create filter\. (Invalid Expression at character \d+: )?/, '');
    return { reason, at: [...expression].slice(error.position - 1).join('') };
  }
  throw new Error(`${expression} is accepted.`);
}
