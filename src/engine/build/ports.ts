import { goQuote } from './dockerfile/go-text.ts';

/**
 * What EXPOSE names: `80`, `80/udp`, `8000-8002`, also with the address and the host port of a
 * publication before them, which count for nothing (moby/buildkit v0.32
 * `frontend/dockerfile/dockerfile2llb/convert_expose.go`).
 */
export type ExposedPorts =
  | {
      readonly ok: true;
      readonly ports: readonly string[];
      /** The protocol is not written in lower case. */
      readonly mixedCase: boolean;
      /** An address or a host port stands before the port. */
      readonly mapped: boolean;
    }
  | { readonly ok: false; readonly message: string };

const PORT_LIMIT = 65_535;
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;

const fail = (message: string): ExposedPorts => ({ ok: false, message });

/** One operand of EXPOSE to the ports of an image's configuration: `8000/tcp`. */
export function exposedPorts(text: string): ExposedPorts {
  const parts = text.split(':');
  const ip = parts.slice(0, -2).join(':');
  const [hostPort, last] = [parts.at(-2) ?? '', parts.at(-1) ?? ''];
  const slash = last.indexOf('/');
  const port = slash === -1 ? last : last.slice(0, slash);
  const written = slash === -1 ? '' : last.slice(slash + 1);
  const protocol = written.toLowerCase();
  const wrong = (what: string): ExposedPorts => fail(`invalid port: ${goQuote(text)}: ${what}`);
  if (port === '') return wrong('no port specified');
  if (!['', 'tcp', 'udp', 'sctp'].includes(protocol)) {
    return wrong(`invalid proto: ${written}`);
  }
  const address = ip.replace(/^\[(.*)\]$/, '$1');
  // Simplified: any run of hexadecimal digits and colons passes for an IPv6 address.
  if (ip !== '' && !IPV4.test(address) && !/^[0-9a-fA-F:]*:[0-9a-fA-F:]*$/.test(address)) {
    return fail(`invalid IP address: ${address}`);
  }
  const range = rangeOf(port);
  if (!range) return fail(`invalid containerPort: ${port}`);
  const count = range.last - range.first + 1;
  if (hostPort !== '') {
    const host = rangeOf(hostPort);
    if (!host) return fail(`invalid hostPort: ${hostPort}`);
    if (count > 1 && host.last - host.first + 1 !== count) {
      return fail(`invalid ranges specified for container and host Ports: ${port} and ${hostPort}`);
    }
  }
  const name = protocol === '' ? 'tcp' : protocol;
  return {
    ok: true,
    ports: Array.from({ length: count }, (_, i) => `${range.first + i}/${name}`),
    mixedCase: written !== protocol,
    mapped: ip !== '' || hostPort !== '',
  };
}

function rangeOf(text: string): { first: number; last: number } | undefined {
  const match = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(text);
  if (!match) return undefined;
  const [first, last] = [Number(match[1]), Number(match[2] ?? match[1])];
  return last > PORT_LIMIT || last < first ? undefined : { first, last };
}
