import { checkAttribute, noCurrentItem } from './check-attribute.ts';
import { checkEvent } from './check-event.ts';
import type {
  ActionFilter,
  AnyEvent,
  AttributeCondition,
  Column,
  CurrentItem,
  EventCondition,
  Filter,
  ItemFilter,
  Placeholder,
  UserFilter,
  UserTest,
} from './filter.ts';
import { type FilterError, invalidExpression } from './filter-error.ts';
import { deepFreeze } from './freeze.ts';
import { parseFilter } from './parser.ts';
import { findColumn, type GroupSchemas } from './schemas.ts';
import {
  type AnyOf,
  type ClauseSyntax,
  type CurrentItemSyntax,
  type Dataset,
  type FilterSyntax,
  mapAll,
  mapConditions,
  type NameSyntax,
  type Subject,
} from './syntax.ts';

/** The most fields that one filter of the service may name, each with its dataset. */
const serviceMostFields = 10;

/** Parses an expression and checks it. The result is frozen. @throws FilterError as the two steps do */
export const readFilter = (expression: string, schemas: GroupSchemas, mostFields?: number): Filter =>
  checkFilter(parseFilter(expression), schemas, mostFields);

/**
 * Holds an expression against the schemas of its dataset group and the rules on what a condition may use.
 *
 * @param mostFields that the filter may name, each with its dataset
 * @throws FilterError with the position of the name, operator or value that breaks the first rule
 */
export function checkFilter(syntax: FilterSyntax, schemas: GroupSchemas, mostFields = serviceMostFields): Filter {
  return deepFreeze(new Checker(schemas, mostFields).filter(syntax));
}

/** The datasets of the conditions that may choose what a filter is about. */
const datasetsOf = {
  ItemID: 'Items and Interactions',
  UserID: 'Users and Interactions',
  ActionID: 'Actions and Action_Interactions',
} satisfies Record<Subject, string>;

class Checker {
  readonly #schemas: GroupSchemas;
  readonly #mostFields: number;
  /** All fields so far, `dataset.name`. */
  readonly #fields = new Set<string>();

  constructor(schemas: GroupSchemas, mostFields: number) {
    this.#schemas = schemas;
    this.#mostFields = mostFields;
  }

  filter({ clauses }: FilterSyntax): Filter {
    const { subject } = clauses[0];
    const other = clauses.find((clause) => clause.subject !== subject);
    if (other) {
      const reason = `all clauses of a filter are about the same, but ${other.subject} comes after ${subject}`;
      throw invalidExpression(reason, other.subjectAt);
    }
    switch (subject) {
      case 'ItemID':
        return { subject, clauses: mapAll(clauses, (clause) => this.#itemClause(clause)) };
      case 'UserID':
        return { subject, clauses: mapAll(clauses, (clause) => this.#userClause(clause)) };
      case 'ActionID':
        return { subject, clauses: mapAll(clauses, (clause) => this.#actionClause(clause)) };
    }
  }

  #itemClause(clause: ClauseSyntax): ItemFilter['clauses'][number] {
    const { action } = clause;
    const dataset = datasetOf(clause);
    switch (dataset) {
      case 'Items': {
        const anyOf = this.#attributes(clause, (reference) => this.#currentItem(reference));
        return { action, where: { kind: 'attributes', dataset, anyOf }, tests: this.#tests(clause) };
      }
      case 'Interactions': {
        const anyOf = this.#events(clause, anyEvent);
        return { action, where: { kind: 'events', dataset, anyOf }, tests: this.#tests(clause) };
      }
      default:
        throw wrongDataset(clause);
    }
  }

  #userClause(clause: ClauseSyntax): UserFilter['clauses'][number] {
    const { action, tests } = clause;
    if (tests.length > 0) {
      throw invalidExpression('a filter of users has no current user to test after IF', tests[0].field.at);
    }
    const dataset = datasetOf(clause);
    switch (dataset) {
      case 'Users':
        return {
          action,
          where: { kind: 'attributes', dataset, anyOf: this.#attributes(clause, noCurrentItem) },
          tests: [],
        };
      case 'Interactions':
        return { action, where: { kind: 'events', dataset, anyOf: this.#events(clause, anyEvent) }, tests: [] };
      default:
        throw wrongDataset(clause);
    }
  }

  #actionClause(clause: ClauseSyntax): ActionFilter['clauses'][number] {
    const { action } = clause;
    const dataset = datasetOf(clause);
    switch (dataset) {
      case 'Actions': {
        const anyOf = this.#attributes(clause, noCurrentItem);
        return { action, where: { kind: 'attributes', dataset, anyOf }, tests: this.#tests(clause) };
      }
      case 'Action_Interactions': {
        const anyOf = this.#events(clause, noAnyEvent);
        return { action, where: { kind: 'events', dataset, anyOf }, tests: this.#tests(clause) };
      }
      default:
        throw wrongDataset(clause);
    }
  }

  #attributes<Reference extends CurrentItem>(
    { where }: ClauseSyntax,
    reference: (syntax: CurrentItemSyntax) => Reference,
  ): AnyOf<AttributeCondition<Placeholder, Reference>> {
    return mapConditions(where, (condition) =>
      checkAttribute(condition, this.#column(condition.field.dataset, condition.field), reference),
    );
  }

  #events<Star>({ where }: ClauseSyntax, star: (at: number) => Star): AnyOf<EventCondition<Placeholder, Star>> {
    return mapConditions(where, (condition) => {
      const { dataset, name, at } = condition.field;
      if (name.toUpperCase() !== 'EVENT_TYPE') {
        throw invalidExpression(`EVENT_TYPE is the only field of ${dataset} that a filter can use`, at);
      }
      this.#column(dataset, condition.field);
      return checkEvent(condition, star);
    });
  }

  #tests({ tests }: ClauseSyntax): readonly UserTest[] {
    return tests.map((test) => checkAttribute(test, this.#column('Users', test.field), noCurrentItem));
  }

  #currentItem(syntax: CurrentItemSyntax): CurrentItem {
    return { kind: 'current-item', column: this.#column('Items', syntax) };
  }

  #column(dataset: Dataset, name: NameSyntax): Column {
    const column = findColumn(this.#schemas, dataset, name);
    this.#fields.add(`${dataset}.${column.name}`);
    if (this.#fields.size <= this.#mostFields) return column;
    throw invalidExpression(`more than ${this.#mostFields} different fields are named`, name.at);
  }
}

/** The dataset of all conditions of a clause. */
function datasetOf({ where }: ClauseSyntax): Dataset {
  const [{ field: first }, ...others] = where.flat();
  const other = others.find(({ field }) => field.dataset !== first.dataset);
  if (!other) return first.dataset;
  const reason = `${other.field.dataset} cannot be joined with ${first.dataset}: write two clauses with | between them`;
  throw invalidExpression(reason, other.field.datasetAt);
}

function wrongDataset({ subject, where: [[{ field }]] }: ClauseSyntax): FilterError {
  const reason = `a filter of ${subject} takes conditions on ${datasetsOf[subject]}, not on ${field.dataset}`;
  return invalidExpression(reason, field.datasetAt);
}

const anyEvent = (): AnyEvent => ({ kind: 'any-event' });

function noAnyEvent(at: number): never {
  throw invalidExpression('* stands for any event type of Interactions alone', at);
}
