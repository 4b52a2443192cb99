import { isRefused, refuse, type Refused } from '../../../go/refused.ts';
import { findResults, textOfResult } from '../jsonpath/evaluate.ts';
import { parsePath, type PathTemplate } from '../jsonpath/parse.ts';

/** `-o custom-columns` (kubectl/pkg/cmd/get/customcolumn.go, v1.36). */
export interface CustomColumn {
  readonly header: string;
  readonly path: PathTemplate;
}

const PATH = /^\{\.?([^{}]+)\}$|^\.?([^{}]+)$/;
const EXPECTED =
  "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or " +
  "'{.name1.name2}'";

/** `metadata.name`, `.metadata.name` or `{.metadata.name}` as a path. */
export function relaxedPath(text: string): PathTemplate | Refused {
  const found = PATH.exec(text);
  if (!found) return refuse(EXPECTED);
  return parsePath(`{.${found[1] ?? found[2] ?? ''}}`);
}

function columnOf(header: string, spec: string): CustomColumn | Refused {
  const path = spec === '' ? parsePath('') : relaxedPath(spec);
  return isRefused(path) ? path : { header, path };
}

const allRead = (columns: readonly (CustomColumn | Refused)[]): CustomColumn[] | Refused => {
  const wrong = columns.find(isRefused);
  return wrong ?? (columns as CustomColumn[]);
};

/** `NAME:.metadata.name,IMAGE:.spec.containers[0].image`. */
export function columnsFromSpec(spec: string): CustomColumn[] | Refused {
  if (spec === '') return refuse('custom-columns format specified but no custom columns given');
  const columns: (CustomColumn | Refused)[] = [];
  for (const part of spec.split(',')) {
    const at = part.indexOf(':');
    if (at === -1) {
      const wanted = 'expected <header>:<json-path-expr>';
      return refuse(`unexpected custom-columns spec: ${part}, ${wanted}`);
    }
    columns.push(columnOf(part.slice(0, at), part.slice(at + 1)));
  }
  return allRead(columns);
}

/** A file of two lines: headers, and the paths below them. */
export function columnsFromFile(text: string): CustomColumn[] | Refused {
  const [first, second] = text.split('\n');
  const format =
    'Expected format is one line of space separated headers, one line of space separated column specs.';
  if (!first) return refuse(`invalid template, missing header line. ${format}`);
  if (second === undefined || second === '') {
    return refuse(`invalid template, missing spec line. ${format}`);
  }
  const words = (line: string): string[] => line.split(/\s+/).filter((word) => word !== '');
  const [headers, specs] = [words(first), words(second)];
  if (headers.length !== specs.length) {
    const counts = `number of headers (${headers.length}) and field specifications (${specs.length})`;
    return refuse(`${counts} don't match`);
  }
  return allRead(headers.map((header, i) => columnOf(header, specs[i] ?? '')));
}

/** The cells of an object; `<none>` for what it does not have. */
export function customRow(columns: readonly CustomColumn[], object: unknown): string[] | Refused {
  const cells: string[] = [];
  for (const { path } of columns) {
    const found = findResults(path, object);
    if (isRefused(found)) return found;
    const values = found[0] ?? [];
    cells.push(values.length === 0 ? '<none>' : values.map(goText).join(','));
  }
  return cells;
}

/** As Go's `%v`: maps and lists in its own way. */
function goText(value: unknown): string {
  if (value === null || value === undefined) return '<none>';
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (typeof value !== 'object') return textOfResult(value);
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, field]) => `${key}:${goText(field)}`);
  return `map[${fields.join(' ')}]`;
}
