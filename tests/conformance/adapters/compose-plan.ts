import { compare, operation, type Adapter } from '../adapter.ts';
import { planOf, type PlanInput } from '../compose-plans.ts';

interface Expected {
  readonly plan?: readonly string[];
  readonly contains?: readonly string[];
  readonly lacks?: readonly string[];
  readonly once?: readonly string[];
}

export const adapter: Adapter = {
  area: 'compose-plan',
  operations: [
    operation<PlanInput, Expected>('compose up plan', ({ input, expect }) => {
      const text = planOf(input).toString();
      const { plan, contains = [], lacks = [], once = [] } = expect;
      if (plan) return compare(text.split('\n').slice(0, -1), plan);
      const holds =
        contains.every((part) => text.includes(part)) &&
        lacks.every((part) => !text.includes(part)) &&
        once.every((part) => text.split(part).length === 2);
      return { holds, got: text };
    }),
  ],
};
