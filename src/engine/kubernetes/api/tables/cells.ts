import type { LabelSelector } from '../../apimachinery/label-selector.ts';
import { formatSelector } from '../../apimachinery/label-selector.ts';
import type { Labels } from '../../apimachinery/object.ts';
import type { Container } from '../pod.ts';
import { columns, type Cell, type Column } from './columns.ts';

/** What a row is written for. */
export interface RowOptions {
  readonly nowMs: number;
  /**
   * Whether addresses are written whole. The server always does; clipped ones are left to printers
   * of long ago.
   */
  readonly whole: boolean;
}

/** How the objects of one resource are shown: one line per object. */
export interface RowKind {
  readonly columns: readonly Column[];
  readonly row: (object: never, options: RowOptions) => Cell[];
}

export const orNone = (text: string | undefined): string => text || '<none>';

/** `app=web,tier=db`, by key. */
export function labelsText(labels: Labels | undefined): string {
  return formatSelector(labels && { matchLabels: labels });
}

/** A selector as `metav1.FormatLabelSelector` writes it. */
export const selectorText = (selector: LabelSelector | undefined): string =>
  formatSelector(selector);

/** Names and images of a template's containers, one cell each. */
export function imageCells(containers: readonly Container[] = []): [string, string] {
  return [containers.map(({ name }) => name).join(','), containers.map((c) => c.image).join(',')];
}

/** Columns of wide output of what has a Pod template. */
export const TEMPLATE_COLUMNS = ['Containers', 'Images', 'Selector'] as const;

/** What is given first, then how many more there are. */
export function shortList(items: readonly string[], max: number, none: string): string {
  if (items.length === 0) return none;
  const more = items.length > max ? ` + ${items.length - max} more...` : '';
  return items.slice(0, max).join(',') + more;
}

/** Addresses of a load balancer in order, each once. */
export function balancerAddresses(
  ingress: readonly { readonly ip?: string; readonly hostname?: string }[] = [],
  whole: boolean,
): string {
  const given = new Set(ingress.map(({ ip, hostname }) => ip || hostname || '').filter(Boolean));
  const text = [...given].sort((a, b) => (a < b ? -1 : 1)).join(',');
  return !whole && text.length > BALANCER_WIDTH ? `${text.slice(0, BALANCER_WIDTH - 3)}...` : text;
}

const BALANCER_WIDTH = 16;

/** Names and when it was created, for kinds that have no columns of their own. */
export const CREATED_COLUMNS = columns(['Name', 'Created At']);
