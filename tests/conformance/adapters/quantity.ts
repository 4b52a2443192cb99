import {
  compareQuantities,
  decimalText,
  formatQuantity,
  quantityOf,
  readQuantity,
  roundUp,
  type Quantity,
  type QuantityFormat,
} from '../../../src/engine/kubernetes/apimachinery/quantity.ts';
import { compare, operation, type Adapter } from '../adapter.ts';

/** A quantity that a row gives as its exact value and its form. */
function given(value: string, format: QuantityFormat): Quantity {
  const [whole = '', fraction = ''] = value.split('.');
  return { unscaled: BigInt(whole + fraction), scale: fraction.length, format };
}

function read(text: string): Quantity {
  const quantity = readQuantity(text);
  if ('error' in quantity) throw new Error(quantity.error);
  return quantity;
}

export const adapter: Adapter = {
  area: 'quantity',
  operations: [
    operation<{ string: string }, unknown>('parse', ({ input, expect }) => {
      const quantity = readQuantity(input.string);
      if ('error' in quantity) return compare({ error: true }, expect);
      return compare({ value: decimalText(quantity), format: quantity.format }, expect);
    }),
    operation<{ string: string }, unknown>('parseInvalid', ({ input, expect }) =>
      compare({ error: 'error' in readQuantity(input.string) }, expect),
    ),
    operation<{ value: string; format: QuantityFormat; alsoParsedFrom?: string }, unknown>(
      'format',
      ({ input, expect }) => {
        const { value, format, alsoParsedFrom } = input;
        const made = { string: formatQuantity(given(value, format)) };
        if (alsoParsedFrom === undefined) return compare(made, expect);
        const parsed = { string: formatQuantity({ ...read(alsoParsedFrom), format }) };
        return compare([made, parsed], [expect, expect]);
      },
    ),
    operation<{ string: string }, unknown>('parseEmit', ({ input, expect }) =>
      compare({ string: formatQuantity(read(input.string)) }, expect),
    ),
    operation<{ x: string; y: string }, unknown>('compare', ({ input, expect }) => {
      const [x, y] = [quantityOf(input.x), quantityOf(input.y)];
      return compare({ cmp: x && y && compareQuantities(x, y) }, expect);
    }),
    operation<{ string: string; scale: number }, unknown>('roundUp', ({ input, expect }) => {
      const { quantity, exact } = roundUp(read(input.string), input.scale);
      return compare({ value: decimalText(quantity), exact }, expect);
    }),
  ],
};
