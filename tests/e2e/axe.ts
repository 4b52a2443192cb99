/** What axe finds wrong with a page. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

export interface Looked {
  /** Selects the part to look at; the whole page unless given. */
  readonly within?: string;
  /** The only rules to ask; all unless given. */
  readonly rules?: readonly string[];
}

/**
 * Asks axe within the page itself. There are no frames on these pages, and axe's other way, which
 * gathers those of all frames in a page of its own, takes five times as long.
 * @returns one line for each violation: its rule, and each element
 */
export async function violationsOf(
  page: Page,
  { within, rules }: Looked = {},
): Promise<readonly string[]> {
  const axe = new AxeBuilder({ page }).setLegacyMode();
  if (within !== undefined) axe.include(within);
  axe.options({
    resultTypes: ['violations'],
    preload: false,
    ...(rules && { runOnly: { type: 'rule', values: [...rules] } }),
  });
  const { violations } = await axe.analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}
