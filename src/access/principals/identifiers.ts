import { randomBytes, randomInt } from 'node:crypto';

/** The account of a server that is told no other. */
export const firstAccount = '000000000000';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** As the service makes them: a prefix that says what it names, and 16 random letters and digits. */
const identifier = (prefix: string) => prefix + Array.from(randomBytes(16), (byte) => letters[byte % 32]).join('');

export const newAccessKeyId = () => identifier('AKIA');

/** Of temporary credentials. */
export const newSessionKeyId = () => identifier('ASIA');

export const newUserId = () => identifier('AIDA');

export const newRoleId = () => identifier('AROA');

/** 240 random bits in 40 characters. */
export const newSecret = () => randomBytes(30).toString('base64');

export const newAccount = () => String(randomInt(1e11, 1e12 - 1));

export const rootArn = (account: string) => `arn:aws:iam::${account}:root`;

/** @param path `/`, or such as `/team/` */
export const userArn = (account: string, name: string, path = '/') => `arn:aws:iam::${account}:user${path}${name}`;

export const roleArn = (account: string, name: string, path = '/') => `arn:aws:iam::${account}:role${path}${name}`;

export const policyArn = (account: string, name: string, path = '/') => `arn:aws:iam::${account}:policy${path}${name}`;

/** @param url without its scheme, as it stands in the names of an issuer's condition keys */
export const providerArn = (account: string, url: string) => `arn:aws:iam::${account}:oidc-provider/${url}`;

/** Of temporary credentials of a role. */
export const sessionArn = (account: string, role: string, session: string) =>
  `arn:aws:sts::${account}:assumed-role/${role}/${session}`;
