import type { Container } from '../api/pod.ts';

/** A port of a container by its number or name; not a number when there is none of that name. */
export function portNumber(port: string | number, { ports = [] }: Container): number {
  if (typeof port === 'number') return port;
  return ports.find(({ name }) => name === port)?.containerPort ?? Number(port);
}
