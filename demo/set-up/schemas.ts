/** Avro fields of the datasets' schemas, in the order of the tables' columns; a test holds the two together. */

const string = (name: string) => ({ name, type: 'string' });
const categorical = (name: string) => ({ name, type: 'string', categorical: true });
const number = (name: string, type: 'int' | 'long' | 'float') => ({ name, type });

const interactions = [string('USER_ID'), string('ITEM_ID'), string('EVENT_TYPE')];

export const retailFields = {
  items: [
    string('ITEM_ID'),
    number('PRICE', 'float'),
    categorical('CATEGORY_L1'),
    { name: 'CATEGORY_L2', type: ['string', 'null'], categorical: true },
    { name: 'PRODUCT_DESCRIPTION', type: ['string', 'null'], textual: true },
    number('CREATION_TIMESTAMP', 'long'),
    string('NAME'),
    categorical('IN_STOCK'),
    categorical('ON_OFFER'),
  ],
  users: [string('USER_ID'), categorical('MEMBERSHIP_STATUS'), number('AGE', 'int')],
  interactions: [...interactions, { name: 'EVENT_VALUE', type: ['float', 'null'] }, number('TIMESTAMP', 'long')],
  actions: [
    string('ACTION_ID'),
    string('TITLE'),
    categorical('KIND'),
    { name: 'VALUE', type: ['long', 'null'] },
    { name: 'REPEAT_FREQUENCY', type: ['long', 'null'] },
    number('CREATION_TIMESTAMP', 'long'),
  ],
  actionInteractions: [string('USER_ID'), string('ACTION_ID'), string('EVENT_TYPE'), number('TIMESTAMP', 'long')],
} as const;

export const videoFields = {
  items: [
    string('ITEM_ID'),
    categorical('GENRES'),
    { name: 'PRODUCT_DESCRIPTION', type: ['string', 'null'], textual: true },
    number('CREATION_TIMESTAMP', 'long'),
    number('DURATION', 'float'),
    { name: 'AVERAGE_RATING', type: ['float', 'null'] },
    string('NAME'),
    number('YEAR', 'int'),
    categorical('ORIGINAL'),
  ],
  users: [string('USER_ID'), categorical('SUBSCRIPTION_MODEL'), number('AGE', 'int')],
  interactions: [...interactions, number('TIMESTAMP', 'long')],
} as const;
