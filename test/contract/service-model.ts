import { readFileSync } from 'node:fs';

/** The service models as facts: what AWS's own clients are generated from, reduced to shapes and constraints. */
export type ModelShape = {
  readonly type?:
    | 'string'
    | 'integer'
    | 'double'
    | 'float'
    | 'boolean'
    | 'timestamp'
    | 'blob'
    | 'list'
    | 'map'
    | 'structure';
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly member?: string;
  readonly key?: string;
  readonly value?: string;
  readonly required?: readonly string[];
  readonly members?: Readonly<Record<string, ModelMember>>;
  readonly exception?: boolean;
  readonly httpStatusCode?: number | null;
  readonly sensitive?: boolean;
};

export type ModelMember = string | { readonly shape: string; readonly jsonvalue?: boolean };

export type ModelOperation = {
  readonly http: string;
  readonly input?: string;
  readonly output?: string;
  readonly errors: readonly string[];
  readonly idempotent?: boolean;
};

export type ServiceModel = {
  readonly service: string;
  readonly protocol: 'json' | 'rest-json' | 'query';
  readonly operations: Readonly<Record<string, ModelOperation>>;
  readonly shapes: Readonly<Record<string, ModelShape>>;
};

export const readModel = (service: string): ServiceModel =>
  JSON.parse(readFileSync(new URL(`./api/${service}.json`, import.meta.url), 'utf8'));

/** Those of Amazon Personalize. */
export const serviceModels: readonly ServiceModel[] = ['personalize', 'personalize-events', 'personalize-runtime'].map(
  readModel,
);

/** AWS KMS, as far as the server answers it. */
export const keyModel = readModel('kms');
