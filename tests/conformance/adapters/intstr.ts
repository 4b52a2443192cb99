import {
  parseIntOrString,
  percentOf,
  scaledValue,
  type IntOrString,
} from '../../../src/engine/kubernetes/apimachinery/int-or-string.ts';
import { compare, operation, type Adapter } from '../adapter.ts';

export const adapter: Adapter = {
  area: 'intstr',
  operations: [
    operation<{ input: IntOrString }, unknown>('parseValue', ({ input, expect }) => {
      if (typeof input.input === 'number') {
        return compare({ value: input.input, isPercent: false }, expect);
      }
      const value = percentOf(input.input);
      return compare(value === undefined ? { error: true } : { value, isPercent: true }, expect);
    }),
    operation<{ input: IntOrString | null; total: number; roundUp: boolean }, unknown>(
      'scaled',
      ({ input, expect }) => {
        const value = scaledValue(input.input, input.total, input.roundUp);
        return compare(value === undefined ? { error: true } : { value }, expect);
      },
    ),
    operation<{ string: string }, unknown>('parse', ({ input, expect }) => {
      const value = parseIntOrString(input.string);
      const type = typeof value === 'number' ? 'Int' : 'String';
      return compare({ type, value: String(value) }, expect);
    }),
  ],
};
