/**
 * `npm run one-app:update` / `one-app:verify`: the files of the application that the comparison runs
 * (src/scenarios/compare/one-app/files), as the data from which the preset `compare` takes them.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..');
const FOLDER = join(ROOT, 'src/scenarios/compare/one-app/files');
const DATA = join(ROOT, 'src/engine/compare/one-app.json');

const paths = readdirSync(FOLDER, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) =>
    join(entry.parentPath, entry.name)
      .slice(FOLDER.length + 1)
      .replaceAll('\\', '/'),
  )
  .sort((a, b) => (a < b ? -1 : 1));
const files = Object.fromEntries(
  paths.map((path) => [path, readFileSync(join(FOLDER, path), 'utf8').replaceAll('\r\n', '\n')]),
);
const data = `${JSON.stringify(files, null, 2)}\n`;

if (process.argv[2] === 'update') writeFileSync(DATA, data);
else if (readFileSync(DATA, 'utf8') !== data) {
  process.stderr.write(`${DATA} is not what ${FOLDER} holds. Run: npm run one-app:update\n`);
  process.exitCode = 1;
}
