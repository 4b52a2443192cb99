import { isRefused, refuse, type Refused } from '../../../go/refused.ts';
import { execute, template } from '../../../go/template/execute.ts';
import { HEADER_FUNCTIONS } from '../../../go/template/functions.ts';
import { Subject, type Member, type Value } from '../../../go/template/value.ts';
import { tabulate } from './tabwriter.ts';

/**
 * Rows through a format: `table …`, `json` or a template (docker/cli v29.7
 * `cli/command/formatter/formatter.go`). A table has a heading, made by the same template from the
 * names of the columns.
 */
export type Headings = Readonly<Record<string, string>>;

export const isTable = (format: string): boolean => format.startsWith('table');

function templateOf(format: string): string {
  if (format === 'json') return '{{json .}}';
  const bare = isTable(format) ? format.slice('table'.length) : format;
  return bare
    .replace(/^ +| +$/g, '')
    .replaceAll('\\t', '\t')
    .replaceAll('\\n', '\n');
}

/** The heading of a column by its field; of a label the last part of its name. */
class HeadingRow extends Subject {
  readonly #headings: Headings;

  constructor(headings: Headings) {
    super('formatter.SubHeaderContext', {});
    this.#headings = headings;
  }

  override member(name: string): Member {
    if (name === 'Label') {
      return (label: Value) =>
        ((typeof label === 'string' ? label : '').split('.').at(-1) ?? '').replace(/[-_]/g, ' ');
    }
    return () => this.#headings[name] ?? '';
  }
}

export function writeRows(
  format: string,
  rows: readonly Subject[],
  headings: Headings,
): string | Refused {
  const parsed = template(templateOf(format));
  if (isRefused(parsed)) return refuse(`template parsing error: ${parsed.refused}`);
  const lines: string[] = [];
  for (const row of rows) {
    const line = execute(parsed, row);
    if (isRefused(line)) return refuse(`template parsing error: ${line.refused}`);
    lines.push(`${line}\n`);
  }
  if (!isTable(format)) return lines.join('');
  const heading = execute(parsed, new HeadingRow(headings), { functions: HEADER_FUNCTIONS });
  return tabulate(`${isRefused(heading) ? '' : heading}\n${lines.join('')}`);
}

/** Does the format ask for a field? Some are worked out by the daemon on request only. */
export const uses = (format: string, field: string): boolean =>
  new RegExp(`\\.${field}\\b`).test(format);
