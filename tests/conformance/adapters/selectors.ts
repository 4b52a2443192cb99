import {
  fieldsMatch,
  readFieldSelector,
} from '../../../src/engine/kubernetes/apimachinery/field-selector.ts';
import {
  selectorMatches,
  selectorText,
  type LabelSelector,
  type Requirement,
} from '../../../src/engine/kubernetes/apimachinery/label-selector.ts';
import {
  labelSelectorErrors,
  readSelector,
} from '../../../src/engine/kubernetes/apimachinery/selector-syntax.ts';
import { compare, operation, type Adapter } from '../adapter.ts';

type Labels = Readonly<Record<string, string>>;

interface SetExpected {
  readonly valid: boolean;
  readonly requirements?: readonly Requirement[];
  readonly note?: string;
}

/** Values are a set: their order says nothing. */
const bare = ({ key, operator, values }: Requirement) => ({
  key,
  operator,
  ...(values && { values: [...values].sort((a, b) => (a < b ? -1 : 1)) }),
});

export const adapter: Adapter = {
  area: 'selectors',
  operations: [
    operation<{ selector: string }, { string?: string }>('parse', ({ input, expect }) => {
      const selector = readSelector(input.selector);
      if ('error' in selector) return compare({ valid: false }, expect);
      const string = expect.string === undefined ? undefined : selectorText(selector);
      return compare({ valid: true, string }, expect);
    }),
    operation<{ selector: string; labels: Labels }, unknown>('match', ({ input, expect }) => {
      const selector = readSelector(input.selector);
      if ('error' in selector) return compare(selector, expect);
      return compare({ matches: selectorMatches(selector, input.labels) }, expect);
    }),
    operation<{ labels: Labels; requirements: Requirement[] }, unknown>(
      'requirements',
      ({ input, expect }) => {
        const selector = { matchExpressions: input.requirements };
        return compare({ matches: selectorMatches(selector, input.labels) }, expect);
      },
    ),
    operation<{ selector: string }, SetExpected>('parseSet', ({ input, expect }) => {
      const selector = readSelector(input.selector);
      const requirements =
        'error' in selector || !expect.requirements
          ? undefined
          : (selector.matchExpressions ?? []).map(bare);
      const { valid, requirements: wanted } = expect;
      const expected = { valid, requirements: wanted?.map(bare) };
      return compare({ valid: !('error' in selector), requirements }, expected);
    }),
    operation<{ labels: Labels }, unknown>('string', ({ input, expect }) =>
      compare({ string: selectorText({ matchLabels: input.labels }) }, expect),
    ),
    operation<{ labelSelector: LabelSelector | null }, { selector?: string; matches?: string }>(
      'labelSelector',
      ({ input, expect }) => {
        const selector = input.labelSelector;
        if (!selector) {
          const matches = selectorMatches(selector, {}) ? 'everything' : 'nothing';
          return compare({ matches }, expect);
        }
        if (labelSelectorErrors(selector).length > 0) return compare({ error: true }, expect);
        if (expect.matches === undefined)
          return compare({ selector: selectorText(selector) }, expect);
        const matches = selectorMatches(selector, {}) ? 'everything' : 'something';
        return compare({ matches }, expect);
      },
    ),
    operation<{ fieldSelector: string; fields: Labels }, unknown>(
      'fieldMatch',
      ({ input, expect }) => {
        const selector = readFieldSelector(input.fieldSelector);
        if ('error' in selector) return compare({ error: true }, expect);
        const matches = fieldsMatch(selector, (field) => input.fields[field] ?? '');
        return compare({ matches }, expect);
      },
    ),
  ],
};
