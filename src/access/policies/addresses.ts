import { BlockList, isIP } from 'node:net';

/** A range of IP addresses, such as `203.0.113.0/24` or `2001:db8::/32`. */
export type AddressRange = { readonly contains: (address: string) => boolean };

/** Undefined for text that is neither an address nor a range in CIDR notation. */
export function parseRange(text: string): AddressRange | undefined {
  const [address = '', length, ...more] = text.split('/');
  const family = familyOf(address);
  if (!family || more.length > 0) return undefined;
  const bits = family === 'ipv4' ? 32 : 128;
  if (length !== undefined && !(/^\d{1,3}$/.test(length) && Number(length) <= bits)) return undefined;
  const prefix = length === undefined ? bits : Number(length);
  const range = new BlockList();
  range.addSubnet(address, prefix, family);
  const inVersion4 = family === 'ipv4' ? rangeOfVersion4(address, prefix) : undefined;
  return {
    contains(candidate) {
      const number = version4(candidate);
      if (number !== undefined) return inVersion4?.(number) ?? false;
      return familyOf(candidate) === 'ipv6' && range.check(candidate, 'ipv6');
    },
  };
}

/** Most addresses are of version 4, and a policy may look at many ranges for each call. */
function rangeOfVersion4(address: string, prefix: number): ((number: number) => boolean) | undefined {
  const base = version4(address);
  const size = 2 ** (32 - prefix);
  if (base === undefined) return undefined;
  const first = base - (base % size);
  return (number) => number >= first && number < first + size;
}

/** The last text: all ranges of a call's policies are asked about the address that it comes from. */
let latest: { readonly text: string; readonly number: number | undefined } | undefined;

/** The number that an address of version 4 is; undefined for any other text. */
function version4(text: string): number | undefined {
  if (latest?.text !== text) latest = { text, number: parsed(text) };
  return latest.number;
}

function parsed(text: string): number | undefined {
  let number = 0;
  let part = -1;
  let parts = 1;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x2e) {
      if (part < 0 || ++parts > 4) return undefined;
      number = number * 256 + part;
      part = -1;
    } else {
      // A leading zero could mean that the number is octal.
      if (code < 0x30 || code > 0x39 || part === 0) return undefined;
      part = Math.max(part, 0) * 10 + code - 0x30;
      if (part > 255) return undefined;
    }
  }
  return part < 0 || parts < 4 ? undefined : number * 256 + part;
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  // A zone names an interface of one machine, which no policy can mean.
  const version = address.includes('%') ? 0 : isIP(address);
  if (version === 0) return undefined;
  return version === 4 ? 'ipv4' : 'ipv6';
}
