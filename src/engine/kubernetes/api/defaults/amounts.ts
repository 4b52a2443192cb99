import { formatQuantity, quantityOf, roundUp } from '../../apimachinery/quantity.ts';
import type { ResourceAmounts } from '../amounts.ts';
import { once } from './filling.ts';

/** Thousandths of a unit are the finest that a resource is counted in. */
const MILLI_SCALE = -3;

/** Amounts rounded up to thousandths (`SetDefaults_ResourceList`). */
export const roundedAmounts = once((amounts: ResourceAmounts): ResourceAmounts => {
  let rounded: Record<string, string | number> | undefined;
  for (const [name, text] of Object.entries(amounts)) {
    const quantity = quantityOf(text);
    if (!quantity) continue;
    const up = roundUp(quantity, MILLI_SCALE);
    if (up.exact) continue;
    rounded ??= { ...amounts };
    rounded[name] = formatQuantity(up.quantity);
  }
  return rounded ?? amounts;
});
