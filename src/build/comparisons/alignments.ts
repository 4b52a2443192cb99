import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PLATFORM_NAMES, readAlignment } from '../../components/alignment/alignment.ts';

const FOLDER = 'content/alignments';

/** What a page can link to in an alignment: `key.ID` and `key.ID.PLATFORM`. @throws as `readAlignment` */
export function anchorsOfAlignment(id: string, root = '.'): string[] {
  const read = (path: string): string => readFileSync(join(root, path), 'utf8');
  const file = `${FOLDER}/${id}.yaml`;
  return readAlignment(file, read(file), read).rows.flatMap((row) => [
    `key.${row.id}`,
    ...PLATFORM_NAMES.map((platform) => `key.${row.id}.${platform}`),
  ]);
}
