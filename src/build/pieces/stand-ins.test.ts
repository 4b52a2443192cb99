import { describe, expect, it } from 'vitest';
import { LATE, LATE_NAMES, standIns } from './stand-ins.ts';

/** Stand-ins for a module, and a door to it that can be opened. */
async function standingFor<T extends object>(real: T): Promise<{ stands: T; open: () => void }> {
  const late = `data:text/javascript,${encodeURIComponent(LATE)}`;
  const source = `import { ${LATE_NAMES} } from ${JSON.stringify(late)};
    let real;
    export const open = (module) => { real = module; };
    const behind = () => { if (!real) throw new Error('the door is shut'); return real; };
    ${standIns(real as Readonly<Record<string, unknown>>, (name) => `behind().${name}`)}`;
  const module = (await import(
    /* @vite-ignore */ `data:text/javascript,${encodeURIComponent(source)}`
  )) as T & { open: (module: T) => void };
  return { stands: module, open: () => module.open(real) };
}

class Ship {
  static built = 3;
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

const harbour = {
  BERTHS: 4,
  DOCK: 'dry',
  PATTERN: /^ship/i,
  moor: (ship: string, at: number) => `${ship} at ${at}`,
  *load(count: number) {
    for (let i = 0; i < count; i++) yield i;
  },
  Ship,
  cranes: { lift: () => 'up', lower: () => 'down' },
  models: { ferry: { plan: () => 'across', decks: [1, 2], speed: 20 } },
  tides: ['high', 'low'],
  depths: { quay: 12, channel: 18 },
};

describe('stand-ins', () => {
  it('tell names, plain values and the names of tables before the door is open', async () => {
    const { stands } = await standingFor(harbour);
    expect(stands.BERTHS).toBe(4);
    expect(stands.PATTERN.test('Ship Ora')).toBe(true);
    expect(Object.keys({ ...stands.cranes })).toEqual(['lift', 'lower']);
    expect(stands.models.ferry.speed).toBe(20);
  });

  it('throw what the door throws when they are used', async () => {
    const { stands } = await standingFor(harbour);
    const uses = [
      () => stands.moor('Ora', 1),
      () => stands.load(1),
      () => new stands.Ship('Ora'),
      () => stands.cranes.lift(),
      () => stands.models.ferry.plan(),
      () => stands.tides.length,
      () => ({ ...stands.depths }),
      () => stands.models.ferry.decks.map(String),
    ];
    for (const use of uses) expect(use).toThrow('the door is shut');
    expect({} instanceof stands.Ship).toBe(false);
  });

  it('are what they stand for once it is open', async () => {
    const { stands, open } = await standingFor(harbour);
    const { lift } = stands.cranes;
    open();
    expect(stands.moor('Ora', 1)).toBe('Ora at 1');
    expect([...stands.load(2)]).toEqual([0, 1]);
    const ship = new stands.Ship('Ora');
    expect(ship.name).toBe('Ora');
    expect([ship instanceof stands.Ship, ship instanceof Ship]).toEqual([true, true]);
    expect(stands.Ship.built).toBe(3);
    expect(lift()).toBe('up');
    expect([...stands.tides]).toEqual(['high', 'low']);
    expect({ ...stands.depths }).toEqual({ quay: 12, channel: 18 });
    expect(JSON.stringify(stands.models.ferry.decks)).toBe('[1,2]');
  });

  it.each([
    ['a symbol', Symbol('buoy')],
    ['a map', new Map()],
    ['an instance', new Ship('Ora')],
  ])('refuse %s', (_, value) => {
    expect(() => standIns({ value }, String)).toThrow(/^value is/);
  });
});
