import { typedName, type ResourceInfo } from '../../api/resources.ts';
import type { Table } from '../../api/requests.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import type { Flags } from '../flags.ts';
import { layOut, NO_LAYOUT, type Layout } from '../text-table.ts';

/**
 * Tables of the server as people read them
 * (staging/src/k8s.io/cli-runtime/pkg/printers/tableprinter.go, v1.36).
 */
export interface TableView {
  readonly wide: boolean;
  readonly header: boolean;
  readonly withNamespace: boolean;
  readonly withKind: boolean;
  readonly showLabels: boolean;
  readonly labelColumns: readonly string[];
}

export function viewOf(flags: Flags): TableView {
  return {
    wide: flags.text('output') === 'wide',
    header: !flags.has('no-headers'),
    withNamespace: false,
    withKind: flags.has('show-kind'),
    showLabels: flags.has('show-labels'),
    labelColumns: flags.all('label-columns'),
  };
}

const EVENT_WIDTH = 8;

/** Prints the tables of one resource one below the other; widths grow only. */
export class TableText {
  readonly #info: ResourceInfo;
  readonly #view: TableView;
  #layout: Layout = NO_LAYOUT;
  #hasHeader = false;

  constructor(info: ResourceInfo, view: TableView) {
    this.#info = info;
    this.#view = view;
  }

  /** @param event what happened to the objects, when that is shown */
  text(table: Table, event?: readonly string[]): string {
    const rows = table.rows.map((row, i) => this.#row(table, row.cells, row.object, event?.[i]));
    const lines = [...rows];
    if (this.#view.header && !this.#hasHeader && rows.length > 0) {
      lines.unshift(this.#header(table, event !== undefined));
      this.#hasHeader = true;
    }
    const { text, layout } = layOut(lines, this.#layout);
    this.#layout = layout;
    return text;
  }

  #header({ columns }: Table, events: boolean): string[] {
    const { wide, withNamespace, showLabels, labelColumns } = this.#view;
    const own = columns.filter(({ priority }) => wide || priority === 0);
    return [
      ...(events ? ['EVENT'] : []),
      ...(withNamespace ? ['NAMESPACE'] : []),
      ...own.map(({ name }) => name.toUpperCase()),
      ...labelColumns.map((key) => key.slice(key.lastIndexOf('/') + 1).toUpperCase()),
      ...(showLabels ? ['LABELS'] : []),
    ];
  }

  #row(
    { columns }: Table,
    cells: Table['rows'][number]['cells'],
    object: KubeObject,
    event: string | undefined,
  ): string[] {
    const { wide, withNamespace, withKind, showLabels, labelColumns } = this.#view;
    const { namespace = '', labels = {} } = object.metadata;
    const texts: string[] = [];
    columns.forEach((column, i) => {
      if (!wide && column.priority !== 0) return;
      const cell = cells[i];
      const isName = withKind && i === 0 && column.name === 'Name';
      texts.push(isName ? typedName(this.#info, cellText(cell)) : cellText(cell));
    });
    return [
      ...(event === undefined ? [] : [event.padEnd(EVENT_WIDTH)]),
      ...(withNamespace ? [namespace] : []),
      ...texts,
      ...labelColumns.map((key) => (Object.hasOwn(labels, key) ? (labels[key] ?? '') : '')),
      ...(showLabels ? [labelText(labels)] : []),
    ];
  }
}

/** Ends at the first line end, and shows control characters as Go would quote them. */
function cellText(cell: string | number | boolean | null | undefined): string {
  if (cell === null || cell === undefined) return '';
  const text = String(cell);
  const end = text.search(/[\f\n\r]/);
  const shown = end === -1 ? text : `${text.slice(0, end)}...`;
  return shown.replaceAll('\u001b', '^[').replaceAll('\r', '\\r');
}

export function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return pairs.sort((a, b) => (a < b ? -1 : 1)).join(',') || '<none>';
}
