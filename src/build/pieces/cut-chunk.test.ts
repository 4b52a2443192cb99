import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { cutChunk } from './cut-chunk.ts';

const HOME = `
// src/engine/sim/pieces.ts
function latePart(name) {
  const stand = (key) => function (...all) {
    asked.add(name);
    return here.get(name).all[key].apply(this, all);
  };
  function* list(key) {
    for (;;) yield stand(key++);
  }
  const give = (owner, names, key) => {
    for (const [i, one] of names.split(' ').entries()) {
      const how = one.startsWith('=') ? { get: stand(key + i) } : { value: stand(key + i) };
      const to = one.startsWith('^') ? owner : owner.prototype;
      Object.defineProperty(to, one.replace(/^[=^]/, ''), { ...how, configurable: true });
    }
  };
  return [stand, list, give];
}
function addPart(name, load) {
  loads.set(name, load);
}
async function open() {
  for (const [name, load] of loads) here.set(name, await load());
}
var asked = new Set();
var here = new Map();
var loads = new Map();
export { asked, loads, open };
`;

/** A function long enough to be worth a stand-in. */
const long = (text: string): string => `${text} /* ${'so that it is worth a file '.repeat(6)}*/`;

const SHIPS = `
// src/ships.ts
var RIGGING = new Map([["sail", 3]]);
function survey() { ${long('return RIGGING.size;')} }
var moored = 0;
var lastRepair = "none";
function sail(name) { ${long(`return name + " sails with " + RIGGING.get("sail");`)} }
function moor() { ${long('moored += 1; return moored;')} }
var repair = (name) => { ${long('lastRepair = name; return PLANKS.join(name) + moored;')} };
var PLANKS = ["oak", "pine"];
function* crew(count) { ${long('for (let i = 0; i < count; i++) yield "sailor " + i;')} }
var ORDERS = {
  weigh: (anchor) => { ${long('return "up " + anchor;')} },
  drop(anchor) { ${long('return this.depth + anchor;')} },
  depth: 7
};
var Ship = class {
  #cargo = [];
  load(what) { ${long('this.#cargo.push(what); return this.#count();')} }
  #count() { return this.#cargo.length; }
  #flag() { ${long('return "blue";')} }
  get colours() { return this.#flag(); }
  static of(what) { ${long('const ship = new this(); ship.load(what); return ship;')} }
  get heaviest() { ${long('return [...this.#cargo].sort().at(-1);')} }
  empty() { return this.#cargo.length === 0; }
};
var Ferry = class extends Ship {
  #cars = 0;
  board() { ${long('this.#cars += 1; return this.#cars;')} }
};
function hail(sail) { ${long('let moored = sail; moored += "!"; return moored;')} }
function harbour() {
  const ship = new Ship();
  const ferry = new Ferry();
  return [sail("Ora"), moor(), repair("-"), ORDERS.weigh("one"), ORDERS.drop(1), [...crew(2)],
    ship.load("tea"), ship.load("salt"), ship.heaviest, ship.empty(), ferry.board(), moored, survey(),
    ship.colours, Ship.of("rum").heaviest, hail("sail")];
}
export { harbour };
`;

const CALLED = [
  ...['Ora sails with 3', 1, 'oak-pine1', 'up one', 8, ['sailor 0', 'sailor 1']],
  ...[1, 2, 'tea', false, 1, 1, 1, 'blue', 'rum', 'sail!'],
];

interface Made {
  readonly harbour: () => unknown;
  readonly open: () => Promise<void>;
  readonly asked: ReadonlySet<string>;
  readonly loads: ReadonlyMap<string, unknown>;
}

const folder = mkdtempSync(join(tmpdir(), 'cut-chunk-'));
afterAll(() => rmSync(folder, { recursive: true }));
let last = 0;

/** Cuts the code; `run` gives what the files export once all of them are there. */
function cut(places: Readonly<Record<string, number>>) {
  const files = ['./a.mjs', './b.mjs', './c.mjs', './d.mjs'];
  const texts = cutChunk(HOME + SHIPS, {
    wish: (module, name) => (module === 'src/ships.ts' ? places[name] : 0),
    ...{ files, keys: ['a', 'b', 'c', 'd'], late: './a.mjs' },
  });
  const run = async (): Promise<Made> => {
    const own = join(folder, String(++last));
    mkdirSync(own);
    for (const [i, file] of files.entries()) writeFileSync(join(own, file), texts[i]!);
    const made = (await import(/* @vite-ignore */ pathToFileURL(join(own, 'a.mjs')).href)) as Made;
    await made.open();
    return made;
  };
  return { texts, run };
}

describe('a chunk that is cut', () => {
  it('does what it did, wherever its functions are', async () => {
    const all = [
      'sail',
      'survey',
      'moor',
      'repair',
      'crew',
      'weigh',
      'drop',
      'load',
      '#flag',
      'of',
      'hail',
    ];
    for (const [i, name] of [...all, 'get heaviest', 'empty', 'board'].entries()) {
      const { run } = cut({ [name]: 1 + (i % 2) });
      expect((await run()).harbour(), name).toEqual(CALLED);
    }
    const everywhere = Object.fromEntries(
      [...all, 'get heaviest', 'board'].map((one, i) => [one, 1 + (i % 2)]),
    );
    const made = await cut(everywhere).run();
    expect(made.harbour()).toEqual(CALLED);
    expect([...made.asked].sort()).toEqual([...made.loads.keys()]);
    expect(made.asked.size).toBe(2);
  });

  it('leaves what is used, and takes along what only the others speak of', () => {
    const { texts } = cut({ sail: 2, survey: 2, repair: 2 });
    const [first = '', , other = ''] = texts;
    for (const [text, away] of [
      ['RIGGING =', true],
      ['PLANKS =', true],
      ['class', false],
    ] as const) {
      expect([first.includes(text), other.includes(text)], text).toEqual([!away, away]);
    }
  });

  it('takes locals for what they are, whatever else is called alike', () => {
    const [first = '', , other = ''] = cut({ hail: 2, moor: 2 }).texts;
    expect([first.includes('let moored'), other.includes('let moored')]).toEqual([false, true]);
    expect([first.includes('var moored'), other.includes('var moored')]).toEqual([true, false]);
    expect(cut({ hail: 2 }).texts[2]).not.toContain('import');
  });

  it('keeps together what is given a value and who gives it', () => {
    const [first = '', , other = ''] = cut({ moor: 2, repair: 2 }).texts;
    expect([first.includes('moored += 1'), other.includes('moored += 1')]).toEqual([true, false]);
    expect([first.includes('lastRepair = '), other.includes('lastRepair = name')]).toEqual([
      false,
      true,
    ]);
  });

  it('puts where all others look what several of them need', () => {
    const { texts } = cut({ sail: 2, survey: 3 });
    expect(texts.map((text) => text.includes('RIGGING ='))).toEqual([false, true, false, false]);
    expect(cut({ sail: 2, survey: 2 }).texts[2]).toContain('RIGGING =');
  });

  it('keeps private names where somebody inherits, and where nobody goes out', () => {
    const [first = ''] = cut({ load: 1, board: 1 }).texts;
    expect(first).not.toContain('#cargo');
    expect(first).toContain('#cars');
    expect(cut({ sail: 1 }).texts[0]).toContain('#cargo');
  });
});
