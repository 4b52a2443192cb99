import { invalid, type FieldCause } from './field-errors.ts';

/**
 * IP addresses and ranges
 * (staging/src/k8s.io/apimachinery/pkg/util/validation/ip.go, v1.36).
 */
const OCTET = '(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const IPV4 = new RegExp(`^${OCTET}(\\.${OCTET}){3}$`);

export const isIpv4 = (text: string): boolean => IPV4.test(text);

export function isIpv6(text: string): boolean {
  if (!/^[0-9a-fA-F:.]+$/.test(text) || !text.includes(':')) return false;
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1) ?? '';
  const dotted = last.includes('.');
  if (dotted && !isIpv4(last)) return false;
  const plain = dotted ? groups.slice(0, -1) : groups;
  if (!plain.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return false;
  const count = plain.length + (dotted ? 2 : 0);
  return halves.length === 2 ? count < 8 : count === 8;
}

export const isIp = (text: string): boolean => isIpv4(text) || isIpv6(text);

export function validateIp(text: string, at: string): FieldCause[] {
  if (isIp(text)) return [];
  return [invalid(at, text, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)')];
}

export function isCidr(text: string): boolean {
  const [ip = '', bits, ...more] = text.split('/');
  if (bits === undefined || more.length > 0 || !/^\d{1,3}$/.test(bits)) return false;
  return (isIpv4(ip) && Number(bits) <= 32) || (isIpv6(ip) && Number(bits) <= 128);
}

export function validateCidr(text: string, at: string): FieldCause[] {
  if (isCidr(text)) return [];
  return [invalid(at, text, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)')];
}

const number32 = (ip: string): number =>
  ip.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);

/** Whether an IPv4 range lies within another and is smaller. */
export function isStrictSubset(inner: string, outer: string): boolean {
  const [innerIp = '', innerBits = ''] = inner.split('/');
  const [outerIp = '', outerBits = ''] = outer.split('/');
  // Simplified: of IPv6 ranges only the sizes are compared.
  if (Number(outerBits) >= Number(innerBits)) return false;
  if (!isIpv4(innerIp) || !isIpv4(outerIp)) return isIpv4(innerIp) === isIpv4(outerIp);
  const size = Number(1n << BigInt(32 - Number(outerBits)));
  return Math.floor(number32(innerIp) / size) === Math.floor(number32(outerIp) / size);
}

/** Addresses that lead nowhere outside one machine or link. */
export function validateOrdinaryIp(ip: string, at: string): FieldCause[] {
  if (ip === '0.0.0.0' || ip === '::') return [invalid(at, ip, `may not be unspecified (${ip})`)];
  if (ip.startsWith('127.') || ip === '::1') {
    return [invalid(at, ip, 'may not be in the loopback range (127.0.0.0/8, ::1/128)')];
  }
  if (ip.startsWith('169.254.') || /^fe[89ab]/i.test(ip)) {
    return [invalid(at, ip, 'may not be in the link-local range (169.254.0.0/16, fe80::/10)')];
  }
  if (ip.startsWith('224.0.0.') || /^ff02:/i.test(ip)) {
    const why = 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)';
    return [invalid(at, ip, why)];
  }
  return [];
}
