/** How a list is shown where no template is given: as a table, or as lines, the name of the row first. */
export interface ListForms {
  readonly table: string;
  readonly raw: string;
}

/** The template that a list is printed by, of what `--format` and `--quiet` say. */
export function listFormat(source: string, quiet: boolean, { table, raw }: ListForms): string {
  const first = raw.slice(0, raw.indexOf('\n'));
  if (source === '' || source === 'table') return quiet ? first.slice(first.indexOf('{{')) : table;
  if (source === 'raw') return quiet ? first : raw;
  return source;
}
