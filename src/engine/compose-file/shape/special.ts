import { isList, isMapping, printValue, sortedEntries } from '../tree/tree.ts';
import type { Ulimit } from '../service-limits.ts';
import type { Codec } from './codec.ts';
import { failAt } from './decode-failure.ts';
import { splitWords } from './words.ts';

/** Codecs of attributes that are written in a way of their own. */

/** `command` and `entrypoint`: an empty list is kept, it clears what the image says. */
export const command: Codec = {
  decode: (value, at) => {
    if (typeof value === 'string') return failAt(at, () => splitWords(value));
    return isList(value) ? value.map(printValue) : undefined;
  },
  isZero: () => false,
  yaml: (value) => value,
};

export const healthTest: Codec = {
  decode: (value) => {
    if (typeof value === 'string') return ['CMD-SHELL', value];
    return isList(value) ? value.map(printValue) : undefined;
  },
  isZero: (value) => (value as unknown[]).length === 0,
  yaml: (value) => value,
};

const writeUlimit = (value: unknown): unknown => {
  const { single, soft = 0, hard = 0 } = value as Ulimit;
  return single !== undefined && single !== 0 ? single : { soft, hard };
};

export const ulimit: Codec = {
  decode: (value, at) => {
    const whole = (one: unknown): number => {
      const number = Number(one);
      return Number.isInteger(number) ? number : failAt(at, `invalid ulimit ${printValue(one)}`);
    };
    if (!isMapping(value)) return { single: whole(value) };
    const { soft, hard } = value;
    return {
      ...(soft !== undefined && { soft: whole(soft) }),
      ...(hard !== undefined && { hard: whole(hard) }),
    };
  },
  isZero: () => false,
  yaml: writeUlimit,
  json: (value) => {
    const { single, soft, hard } = value as Ulimit;
    if (single !== undefined && single !== 0) return single;
    return { ...(soft && { soft }), ...(hard && { hard }) };
  },
};

export const sshKeys: Codec = {
  decode: (value) =>
    isMapping(value)
      ? sortedEntries(value).map(([id, path]) => ({
          id,
          ...(path !== null && { path: printValue(path) }),
        }))
      : undefined,
  isZero: (value) => (value as unknown[]).length === 0,
  yaml: (value) =>
    (value as { id: string; path?: string }[]).map(({ id, path }) =>
      path === undefined ? id : `${id}: ${path}`,
    ),
};

/** A sub-document nobody reads closer. */
export const anything: Codec = {
  decode: (value) => value,
  isZero: (value) => isMapping(value) && Object.keys(value).length === 0,
  yaml: (value) => value,
};
