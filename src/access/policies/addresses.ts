import { BlockList, isIP } from 'node:net';

/** A range of IP addresses, such as `203.0.113.0/24` or `2001:db8::/32`. */
export type AddressRange = { readonly contains: (address: string) => boolean };

/** Undefined for text that is neither an address nor a range in CIDR notation. */
export function parseRange(text: string): AddressRange | undefined {
  const [address = '', prefix, ...more] = text.split('/');
  const family = familyOf(address);
  if (!family || more.length > 0) return undefined;
  const bits = family === 'ipv4' ? 32 : 128;
  if (prefix !== undefined && !(/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits)) return undefined;
  const range = new BlockList();
  range.addSubnet(address, prefix === undefined ? bits : Number(prefix), family);
  return {
    contains(candidate) {
      const candidateFamily = familyOf(candidate);
      return candidateFamily !== undefined && range.check(candidate, candidateFamily);
    },
  };
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  // A zone names an interface of one machine, which no policy can mean.
  const version = address.includes('%') ? 0 : isIP(address);
  if (version === 0) return undefined;
  return version === 4 ? 'ipv4' : 'ipv6';
}
