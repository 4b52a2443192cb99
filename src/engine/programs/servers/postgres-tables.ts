/**
 * The tables of postgres, as far as small applications need them: CREATE TABLE, DROP TABLE, INSERT,
 * DELETE and SELECT of columns or count(*), with WHERE column = value, ORDER BY and LIMIT (messages of
 * PostgreSQL 17 `src/backend/parser/parse_relation.c`, `src/backend/tcop/utility.c`).
 *
 * Simplified: values are texts and numbers; no joins, no expressions, no transactions, no constraints;
 * `serial` and `generated` columns count up.
 */
interface Column {
  readonly name: string;
  readonly numeric: boolean;
  readonly counts: boolean;
}

interface SqlTable {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
  readonly next: number;
}

export type SqlTables = Readonly<Record<string, SqlTable>>;

export interface SqlRows {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
}

export type SqlOutcome =
  | { readonly error: string }
  /** What psql prints of a statement that gives no rows: `INSERT 0 3`. */
  | { readonly tag: string; readonly tables: SqlTables }
  | { readonly result: SqlRows };

const NUMERIC = /^(small|big)?(int|serial)|^integer|^numeric|^real|^double|^decimal/i;
const ROW_LIMIT = 10_000;

const missing = (name: string): SqlOutcome => ({
  error: `ERROR:  relation "${name}" does not exist`,
});
const unknown = (column: string): SqlOutcome => ({
  error: `ERROR:  column "${column}" does not exist`,
});
const own = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

/** Statements between semicolons that stand in no text; comments are left out. */
export function statementsOf(sql: string): string[] {
  const parts = [''];
  let isText = false;
  for (const char of sql.replace(/--[^\n]*/g, '')) {
    if (char === "'") isText = !isText;
    if (char === ';' && !isText) parts.push('');
    else parts.push((parts.pop() ?? '') + char);
  }
  return parts.map((part) => part.trim().replace(/\s+/g, ' ')).filter((part) => part !== '');
}

/** What a statement does; undefined when it is about no table. */
export function runSql(tables: SqlTables, statement: string): SqlOutcome | undefined {
  const create = /^create table (if not exists )?("?\w+"?) ?\((.*)\)$/is.exec(statement);
  if (create) return createTable(tables, nameOf(create[2]), create[3] ?? '', Boolean(create[1]));
  const drop = /^drop table (if exists )?("?\w+"?)(?: cascade)?$/i.exec(statement);
  if (drop) return dropTable(tables, nameOf(drop[2]), Boolean(drop[1]));
  const insert = /^insert into ("?\w+"?) ?(?:\(([^)]*)\) ?)?values (.*)$/is.exec(statement);
  if (insert) return insertRows(tables, nameOf(insert[1]), insert[2], insert[3] ?? '');
  const remove = /^delete from ("?\w+"?)(?: where (.*))?$/is.exec(statement);
  if (remove) return deleteRows(tables, nameOf(remove[1]), remove[2]);
  const select =
    /^select (.*?) from ("?\w+"?)(?: where (.*?))?(?: order by (\w+)( desc| asc)?)?(?: limit (\d+))?$/is.exec(
      statement,
    );
  return select ? selectRows(tables, select) : undefined;
}

const nameOf = (word = ''): string => word.replace(/"/g, '').toLowerCase();

/** Parts between commas that stand in no text and no parentheses. */
function listOf(text: string): string[] {
  const parts = [''];
  let isText = false;
  let depth = 0;
  for (const char of text) {
    if (char === "'") isText = !isText;
    else if (!isText && char === '(') depth += 1;
    else if (!isText && char === ')') depth -= 1;
    if (char === ',' && depth === 0 && !isText) parts.push('');
    else parts.push((parts.pop() ?? '') + char);
  }
  return parts.map((part) => part.trim());
}

function createTable(
  tables: SqlTables,
  name: string,
  definition: string,
  isMild: boolean,
): SqlOutcome {
  if (own(tables, name)) {
    if (isMild) return { tag: 'CREATE TABLE', tables };
    return { error: `ERROR:  relation "${name}" already exists` };
  }
  const columns = listOf(definition)
    .filter((part) => !/^(primary key|unique|constraint|foreign key|check)\b/i.test(part))
    .map((part): Column => {
      const [word, type = ''] = part.split(' ');
      const counts = /serial|generated/i.test(part);
      return { name: nameOf(word), numeric: NUMERIC.test(type), counts };
    });
  const table: SqlTable = { columns, rows: [], next: 1 };
  return { tag: 'CREATE TABLE', tables: { ...tables, [name]: table } };
}

function dropTable(tables: SqlTables, name: string, isMild: boolean): SqlOutcome {
  if (!own(tables, name) && !isMild) return { error: `ERROR:  table "${name}" does not exist` };
  const { [name]: _gone, ...rest } = tables;
  return { tag: 'DROP TABLE', tables: rest };
}

/** A text in quotes, or a word as it stands. */
const valueOf = (text: string): string => {
  const quoted = /^'((?:[^']|'')*)'$/s.exec(text)?.[1];
  return quoted === undefined ? text : quoted.replace(/''/g, "'");
};

function insertRows(
  tables: SqlTables,
  name: string,
  into: string | undefined,
  values: string,
): SqlOutcome {
  const table = own(tables, name);
  if (!table) return missing(name);
  const { columns } = table;
  const names = into === undefined ? columns.map((one) => one.name) : listOf(into).map(nameOf);
  const strange = names.find((one) => !columns.some((column) => column.name === one));
  if (strange !== undefined) {
    return { error: `ERROR:  column "${strange}" of relation "${name}" does not exist` };
  }
  const added: string[][] = [];
  let { next } = table;
  for (const row of listOf(values)) {
    const given = listOf(row.replace(/^\(|\)$/g, '')).map(valueOf);
    if (given.length > names.length) {
      return { error: 'ERROR:  INSERT has more expressions than target columns' };
    }
    const cells = columns.map((column) => given[names.indexOf(column.name)]);
    added.push(cells.map((cell, i) => cell ?? (columns[i]?.counts === true ? String(next) : '')));
    next += 1;
  }
  const rows = [...table.rows, ...added].slice(0, ROW_LIMIT);
  const changed = { ...tables, [name]: { ...table, rows, next } };
  return { tag: `INSERT 0 ${added.length}`, tables: changed };
}

type Test = (row: readonly string[]) => boolean;

/** `column = value`; undefined where it is not understood, a text where the column is unknown. */
function testOf({ columns }: SqlTable, where: string | undefined): Test | string | undefined {
  if (where === undefined) return () => true;
  const found = /^("?\w+"?) ?= ?(.+)$/s.exec(where);
  if (!found) return undefined;
  const at = columns.findIndex((column) => column.name === nameOf(found[1]));
  if (at < 0) return nameOf(found[1]);
  const value = valueOf(found[2] ?? '');
  return (row) => row[at] === value;
}

function deleteRows(tables: SqlTables, name: string, where: string | undefined) {
  const table = own(tables, name);
  if (!table) return missing(name);
  const test = testOf(table, where);
  if (typeof test !== 'function') return test === undefined ? undefined : unknown(test);
  const rows = table.rows.filter((row) => !test(row));
  const tag = `DELETE ${table.rows.length - rows.length}`;
  return { tag, tables: { ...tables, [name]: { ...table, rows } } };
}

function selectRows(tables: SqlTables, match: RegExpExecArray): SqlOutcome | undefined {
  const [, list = '', asked, where, order, direction = '', limit] = match;
  const name = nameOf(asked);
  const table = own(tables, name);
  // Whoever runs it knows where in the statement the name stands, and says so.
  if (!table) return undefined;
  const test = testOf(table, where);
  if (typeof test !== 'function') return test === undefined ? undefined : unknown(test);
  let rows = table.rows.filter(test);
  if (/^count\(\*\)$/i.test(list)) {
    const columns = [{ name: 'count', numeric: true, counts: false }];
    return { result: { columns, rows: [[String(rows.length)]] } };
  }
  const { columns } = table;
  const wanted = list === '*' ? columns.map((column) => column.name) : listOf(list).map(nameOf);
  const places = wanted.map((one) => columns.findIndex((column) => column.name === one));
  const by = order === undefined ? undefined : columns.findIndex((c) => c.name === nameOf(order));
  if (by === -1) return unknown(nameOf(order));
  const strange = places.indexOf(-1);
  if (strange >= 0) return unknown(wanted[strange] ?? '');
  if (by !== undefined) {
    const sign = /desc/i.test(direction) ? -1 : 1;
    rows = [...rows].sort((a, b) => sign * inOrder(a[by] ?? '', b[by] ?? '', columns[by]!));
  }
  const shown = rows.slice(0, limit === undefined ? undefined : Number(limit));
  return {
    result: {
      columns: places.map((at) => columns[at]!),
      rows: shown.map((row) => places.map((at) => row[at] ?? '')),
    },
  };
}

const inOrder = (a: string, b: string, { numeric }: Column): number =>
  numeric ? Number(a) - Number(b) : a < b ? -1 : a > b ? 1 : 0;

/** Rows as objects, as clients in programs get them. */
export const asObjects = ({ columns, rows }: SqlRows): Record<string, string | number>[] =>
  rows.map((row) =>
    Object.fromEntries(
      columns.map(({ name, numeric }, i) => [name, numeric ? Number(row[i]) : (row[i] ?? '')]),
    ),
  );

/** Rows as psql prints them: titles in the middle, numbers to the right. */
export function asPsql({ columns, rows }: SqlRows): string {
  const widths = columns.map(({ name }, i) =>
    Math.max(name.length, ...rows.map((row) => row[i]?.length ?? 0)),
  );
  const title = columns.map(({ name }, i) => {
    const left = Math.floor((widths[i]! - name.length) / 2);
    return ` ${' '.repeat(left)}${name}`.padEnd(widths[i]! + 2);
  });
  const line = (row: readonly string[]) =>
    columns
      .map(({ numeric }, i) => {
        const cell = row[i] ?? '';
        return ` ${numeric ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)} `;
      })
      .join('|')
      .replace(/\s+$/, '');
  const rule = widths.map((width) => '-'.repeat(width + 2)).join('+');
  const count = `(${rows.length} row${rows.length === 1 ? '' : 's'})`;
  return `${[title.join('|'), rule, ...rows.map(line), count].join('\n')}\n\n`;
}
