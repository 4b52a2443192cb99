/**
 * `npm run rooms:update` writes the table of rooms into ARCHITECTURE.md, from the one source of
 * the import rules; `npm run rooms:verify` fails when the two differ.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { ROOMS, type Room } from '../src/build/imports/rooms.ts';

const FILE = 'ARCHITECTURE.md';
const [START, END] = ['<!-- rooms: npm run rooms:update -->', '<!-- /rooms -->'];

/** Names of rooms: whole families said in one word, neighbours without their family's name. */
function summary(room: Room): string {
  let left = room.knows.filter((name) => name !== room.name);
  for (const family of ['engine', 'engine/kubernetes']) {
    const others = ROOMS.filter((other) => other !== room && other.name.startsWith(`${family}/`));
    if (!others.every((other) => left.includes(other.name))) continue;
    left = [`${family}/*`, ...left.filter((name) => !name.startsWith(family))];
  }
  const family = /^engine\/(kubernetes\/)?/.exec(room.name)?.[0] ?? '/';
  const plain = left.map((name) => (name.startsWith(family) ? name.slice(family.length) : name));
  return plain.join(', ') || 'nothing';
}

const ENGINE_PACKAGES = ROOMS.find((room) => room.name === 'engine/oci')?.packages;

function packages(room: Room): string {
  if (room.packages === 'any') return 'any';
  if (String(room.packages) === String(ENGINE_PACKAGES)) return 'as engine/oci';
  return room.packages.join(', ') || 'none';
}

function row(room: Room): string {
  const places = room.at.filter((place) => place !== `src/${room.name}` && place !== room.name);
  const where = places.length === 0 ? '' : ` (${places.map((place) => `\`${place}\``).join(', ')})`;
  const allowed =
    room.name === 'engine/oci' ? String(room.packages).replaceAll(',', ', ') : packages(room);
  return `| \`${room.name}\`${where} | ${summary(room)} | ${allowed} | ${room.node ? 'yes' : 'no'} |`;
}

function table(): string {
  const head = ['| room | may import, besides itself | packages | Node |'];
  return [...head, '| --- | --- | --- | --- |', ...ROOMS.map(row)].join('\n');
}

const text = readFileSync(FILE, 'utf8');
const [from, to] = [text.indexOf(START), text.indexOf(END)];
if (from === -1 || to === -1) throw new Error(`${FILE} lacks the marks ${START} and ${END}.`);
const wanted = `${text.slice(0, from)}${START}\n\n${table()}\n\n${text.slice(to)}`;

if (process.argv[2] === 'update') writeFileSync(FILE, wanted);
else if (text !== wanted) {
  console.error(`The table in ${FILE} is not that of src/build/imports/rooms.ts.`);
  console.error('Run: npm run rooms:update');
  process.exitCode = 1;
}
