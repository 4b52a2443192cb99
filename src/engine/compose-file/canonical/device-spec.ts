import { fail } from '../failure.ts';
import { goTypeOf, isMapping } from '../tree/tree.ts';
import { pathText } from '../tree/path-table.ts';
import type { LongForm } from './long-form.ts';

/** `SOURCE[:TARGET[:PERMISSIONS]]` of a device. */
export const deviceMapping: LongForm = (value, { path, keepUnreadable }) => {
  if (isMapping(value)) return value;
  if (typeof value !== 'string') {
    return fail(`${pathText(path)}: invalid type ${goTypeOf(value)} for service volume mount`);
  }
  const parts = value.split(':');
  if (parts.length > 3) {
    if (keepUnreadable === true) return value;
    fail(`confusing device mapping, please use long syntax: ${value}`);
  }
  const [source = '', target = source, permissions = 'rwm'] = parts;
  return { source, target: target || source, permissions };
};
