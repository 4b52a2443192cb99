import { afterAll, expect, test, vi } from 'vitest';
import { myTurn } from './turns.ts';

let due: (() => void)[] = [];
vi.stubGlobal('requestAnimationFrame', (begin: () => void) => due.push(begin));
afterAll(() => vi.unstubAllGlobals());

/** Lives frames until nobody asks for one. @returns what was shown in each */
async function framesOf(shown: string[]): Promise<string[][]> {
  const byFrame: string[][] = [];
  while (due.length > 0 && byFrame.length < 20) {
    const now = due;
    due = [];
    for (const begin of now) begin();
    // All that follows before it would be laid out.
    await new Promise(setImmediate);
    byFrame.push(shown.splice(0));
  }
  return byFrame;
}

test('who hears of the same news shows it in a frame of his own', async () => {
  const shown: string[] = [];
  for (const name of ['map', 'tree', 'clock']) void myTurn().then(() => shown.push(name));
  expect(await framesOf(shown)).toEqual([['map'], ['tree'], ['clock']]);
});

test('who asks again comes behind those who wait, and quiet pages ask for no frame', async () => {
  const shown: string[] = [];
  const showMap = async (): Promise<void> => {
    await myTurn();
    shown.push('map');
    // What it has taken in is painted when it is its turn again.
    await myTurn();
    shown.push('paint');
  };
  void showMap();
  void myTurn().then(() => shown.push('tree'));
  expect(await framesOf(shown)).toEqual([['map'], ['tree'], ['paint']]);
  expect(due).toEqual([]);
  void showMap();
  expect(await framesOf(shown)).toEqual([['map'], ['paint']]);
});
