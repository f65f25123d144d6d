/**
 * The policy language once more, as plainly as it can be said: from the JSON, without compiling, with regular
 * expressions. It checks nothing. The tests hold the real evaluation to it.
 */
export type PlainStatement = {
  Principal?: PlainPrincipal;
  NotPrincipal?: PlainPrincipal;
  Effect: 'Allow' | 'Deny';
  Action?: string | string[];
  NotAction?: string | string[];
  Resource?: string | string[];
  NotResource?: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
};

/** `*`, or ARNs, accounts and the like by kind. */
export type PlainPrincipal = '*' | Partial<Record<'AWS' | 'Service' | 'Federated', string[]>>;

export type PlainDocument = { Version?: string; Statement: PlainStatement[] };

/** Keys in lower case. */
export type PlainContext = Record<string, string[] | undefined>;

export type PlainRequest = { action: string; resource: string; context: PlainContext };

export type PlainPolicies = { identity: PlainDocument[]; boundary?: PlainDocument[]; session?: PlainDocument[] };

export type PlainOutcome = 'allowed' | 'explicit' | 'implicit';

export function plainDecision({ identity, boundary, session }: PlainPolicies, request: PlainRequest): PlainOutcome {
  const layers = [identity, boundary, session].filter((layer) => layer !== undefined);
  const effects = layers.map((layer) => layer.flatMap((document) => effectsOf(document, request)));
  if (effects.some((layer) => layer.includes('Deny'))) return 'explicit';
  return effects.every((layer) => layer.includes('Allow')) ? 'allowed' : 'implicit';
}

/** Who asks for a role: what policies may name it by, from the closest name on. */
export type PlainRequester = {
  kind: 'AWS' | 'Service' | 'Federated';
  itself: string;
  role?: string;
  /** Of the account of a user or role: its number and its root. */
  account?: string[];
};

export type PlainAssumption = {
  trust: PlainDocument;
  requester: PlainRequester;
  /** Absent for who has no policies, who may do everything that it is trusted with. */
  policies?: PlainPolicies;
  /** The requester is of another account than the role. */
  isForeign: boolean;
};

/** Whether a role can be assumed. */
export function plainAssumption(
  { trust, requester, policies, isForeign }: PlainAssumption,
  request: PlainRequest,
): PlainOutcome {
  const said = saidTo(requester, trust, request);
  if (said.some(({ effect }) => effect === 'Deny')) return 'explicit';
  const own = policies && plainDecision(policies, request);
  if (own === 'explicit') return 'explicit';
  if (said.length === 0) return 'implicit';
  if (!policies || !own) return 'allowed';
  return isForeign ? own : granted(said, policies, request);
}

export type PlainAccess = {
  /** The policy of a resource that need not have one. */
  policy?: PlainDocument;
  requester: PlainRequester;
  /** Absent for the root of an account, who may do everything within it. */
  policies?: PlainPolicies;
  /** The requester is of another account than the resource. */
  isForeign: boolean;
};

/** Whether a resource such as a bucket may be used. */
export function plainAccess(
  { policy, requester, policies, isForeign }: PlainAccess,
  request: PlainRequest,
): PlainOutcome {
  const said = policy ? saidTo(requester, policy, request) : [];
  if (said.some(({ effect }) => effect === 'Deny')) return 'explicit';
  const own = policies ? plainDecision(policies, request) : 'allowed';
  if (own === 'explicit') return 'explicit';
  // Across accounts both must allow it, within one either will do.
  if (isForeign) return said.length === 0 ? 'implicit' : own;
  return own === 'allowed' || !policies ? 'allowed' : granted(said, policies, request);
}

type Said = { effect: 'Allow' | 'Deny'; naming: Naming };

/** What the statements of a resource's policy say of a request that are about who asks. */
const saidTo = (requester: PlainRequester, policy: PlainDocument, request: PlainRequest): Said[] =>
  policy.Statement.flatMap((statement) => {
    const naming = namingIn(statement, requester);
    const isSaid = naming && applies(statement, request, policy.Version === '2012-10-17');
    return isSaid ? [{ effect: statement.Effect, naming }] : [];
  });

/** What comes of a resource's policy that allows a request to somebody of its account. */
function granted(said: Said[], policies: PlainPolicies, request: PlainRequest): PlainOutcome {
  const namings = said.map(({ naming }) => naming);
  if (namings.includes('itself')) return 'allowed';
  if (!namings.includes('more')) return plainDecision(policies, request);
  // The boundary and the session policies alone: as if the identity might do everything.
  const everything = [{ Statement: [{ Effect: 'Allow' as const, Action: '*', Resource: '*' }] }];
  return plainDecision({ ...policies, identity: everything }, request);
}

type Naming = 'itself' | 'more' | 'account';

function namingIn({ Principal, NotPrincipal }: PlainStatement, requester: PlainRequester): Naming | undefined {
  const naming = nameFor(Principal ?? NotPrincipal ?? {}, requester);
  if (Principal) return naming;
  return naming ? undefined : 'more';
}

function nameFor(principal: PlainPrincipal, { kind, itself, role, account = [] }: PlainRequester): Naming | undefined {
  const named = principal === '*' ? ['*'] : (principal[kind] ?? []);
  if (named.includes(itself)) return 'itself';
  if (named.includes('*') || (role !== undefined && named.includes(role))) return 'more';
  return account.some((name) => named.includes(name)) ? 'account' : undefined;
}

const effectsOf = (document: PlainDocument, request: PlainRequest) =>
  document.Statement.filter((statement) => applies(statement, request, document.Version === '2012-10-17')).map(
    ({ Effect }) => Effect,
  );

function applies(statement: PlainStatement, { action, resource, context }: PlainRequest, variables: boolean): boolean {
  const isAction = (text: string) => new RegExp(`^${wild(text, undefined)}$`, 'isu').test(action);
  const isResource = (text: string) => {
    const pattern = wildArn(text, variables ? context : undefined);
    return pattern !== undefined && new RegExp(`^${pattern}$`, 'su').test(resource);
  };
  return (
    covers(statement.Action, statement.NotAction, isAction) &&
    covers(statement.Resource, statement.NotResource, isResource) &&
    Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
      Object.entries(keys).every(([key, values]) => holds(operator, key, many(values), context, variables)),
    )
  );
}

const covers = (
  plain: string | string[] | undefined,
  not: string | string[] | undefined,
  is: (t: string) => boolean,
) => (plain === undefined ? !many(not ?? []).some(is) : many(plain).some(is));

const many = (value: string | string[]) => (typeof value === 'string' ? [value] : value);

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** A regular expression for text with wildcards; undefined where a variable has no value. */
function wild(text: string, context: PlainContext | undefined, any = '.', wildcards = true): string | undefined {
  let missing = false;
  const pattern = text.replace(/\$\{(.+?)\}|[\s\S]/gu, (found, name: string | undefined) => {
    if (name !== undefined && context === undefined)
      return [...found].map((one) => wild(one, context, any, wildcards)).join('');
    if (name === undefined) {
      if (wildcards && found === '*') return `${any}*`;
      return wildcards && found === '?' ? any : escaped(found);
    }
    if ('*?$'.includes(name)) return escaped(name);
    const [key = '', fallback] = name.split(', ');
    const values = context?.[key.toLowerCase()] ?? [];
    const value = values.length === 1 ? values[0] : fallback?.slice(1, -1);
    if (value === undefined) missing = true;
    return escaped(value ?? '');
  });
  return missing ? undefined : pattern;
}

/** Colons are for the first five components what slashes are for paths. */
function wildArn(text: string, context: PlainContext | undefined): string | undefined {
  if (text === '*') return '.*';
  const [, head = '', tail = ''] = /^((?:[^:]*:){0,5})(.*)$/s.exec(text) ?? [];
  const colons = head.split(':').length - 1;
  const inHead = (part: string) => wild(part, undefined, '[^:]')?.replace(/\[\^:\]\*$/, '.*');
  const start = head.split(':').slice(0, colons).map(inHead);
  const end = colons < 5 ? inHead(tail) : wild(tail, context);
  return end === undefined ? undefined : [...start, end].join(':');
}

function holds(operator: string, key: string, values: string[], context: PlainContext, variables: boolean): boolean {
  const [, quantifier, full = ''] = /^(?:(ForAllValues|ForAnyValue):)?(.*)$/.exec(operator) ?? [];
  const given = context[key.toLowerCase()] ?? [];
  if (full === 'Null') return values.includes(String(given.length === 0));
  const name = full.replace(/IfExists$/, '');
  if (given.length === 0 && name !== full) return true;
  const positive = name.replace('Not', '');
  const one = (value: string) =>
    values.some((limit) => compare(positive, value, limit, variables ? context : undefined)) === (positive === name);
  if (quantifier === 'ForAllValues') return given.filter((value) => value !== '').every(one);
  if (quantifier === 'ForAnyValue') return given.filter((value) => value !== '').some(one);
  return positive === name ? given.some(one) : given.every(one);
}

function compare(operator: string, value: string, limit: string, context: PlainContext | undefined): boolean {
  const [, family = '', relation = ''] = /^(String|Numeric|Date|Arn|Bool|Binary|IpAddress)(.*)$/.exec(operator) ?? [];
  const text = (pattern: string | undefined, flags: string) =>
    pattern !== undefined && new RegExp(`^(?:${pattern})$`, flags).test(value);
  if (family === 'Numeric') return ordered(relation, numberOf(value), numberOf(limit));
  if (family === 'Date') return ordered(relation, timeOf(value), timeOf(limit));
  if (family === 'Bool') return text(wild(limit, context, '.', false), 'isu');
  if (family === 'Binary') return Buffer.from(value, 'base64').equals(Buffer.from(limit, 'base64'));
  if (family === 'IpAddress') return inRange(value, limit);
  if (family === 'Arn') return arnLike(value, limit, context);
  if (relation === 'Like') return text(wild(limit, context), 'su');
  return text(wild(limit, context, '.', false), relation === 'Equals' ? 'su' : 'isu');
}

function ordered(relation: string, value: number, limit: number): boolean {
  if (relation === 'Equals') return value === limit;
  if (relation.endsWith('Equals') && value === limit) return true;
  return relation.startsWith('LessThan') ? value < limit : value > limit;
}

function timeOf(text: string): number {
  if (/^\d{5,}$/.test(text)) return Number(text) * 1000;
  return /^\d{4}(-|$)/.test(text) ? Date.parse(text) : Number.NaN;
}

const numberOf = (text: string) => (text === '' ? Number.NaN : Number(text));

function arnLike(value: string, limit: string, context: PlainContext | undefined): boolean {
  const six = /^([^:]*):([^:]*):([^:]*):([^:]*):([^:]*):(.*)$/s;
  const [, ...values] = six.exec(value) ?? [];
  const [, ...limits] = six.exec(limit) ?? [];
  return (
    values.length === 6 &&
    limits.every((one, at) => {
      const pattern = wild(one, context);
      return pattern !== undefined && new RegExp(`^${pattern}$`, 'su').test(values[at] ?? '');
    })
  );
}

/** Addresses of version 6 without `::`. */
function inRange(address: string, range: string): boolean {
  const [base = '', length] = range.split('/');
  const isFour = !base.includes(':');
  if (address === 'none' || isFour === address.includes(':')) return false;
  const bits = BigInt(isFour ? 32 : 128);
  const number = (text: string) =>
    text.split(isFour ? '.' : ':').reduce((sum, part) => {
      return isFour ? sum * 256n + BigInt(part) : sum * 65_536n + BigInt(`0x${part}`);
    }, 0n);
  const rest = bits - BigInt(length ?? bits);
  return number(address) >> rest === number(base) >> rest;
}
