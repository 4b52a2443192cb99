/**
 * What the lab's page does before a world is wanted: it offers what this browser keeps, reads the
 * address, and takes presses, files and drops. Bench, engine and exercises come with the first of
 * these.
 */
import { takeGoingOn } from './going-on.ts';
import { readAddress, USUAL_SEED, writeAddress, type LabAddress } from './address.ts';
import { browserStore, forgetWorld, keptWorlds, type KeptWorld } from './kept-worlds.ts';
import type { Lab } from './lab.tsx';
import type { LabRequest } from './opening.ts';
import { solvedChallenges } from './solved.ts';

const FILE_LIMIT_BYTES = 16 << 20;
const CARRIED = 'drydock-carried';

const bench = document.querySelector<HTMLElement>('drydock-lab')!;
const { dataset } = bench;
const store = browserStore();
let loading: Promise<Lab> | undefined;
let lab: Lab | undefined;

const one = (selector: string): HTMLElement => document.querySelector<HTMLElement>(selector)!;
const field = (selector: string): HTMLInputElement => one(selector) as HTMLInputElement;

function say(text = ''): void {
  one('[data-notice]').textContent = text;
}

async function open(request: LabRequest): Promise<void> {
  say();
  try {
    loading ??= import('./lab.tsx').then(({ mountLab }) => mountLab(bench, changed));
    lab = await loading;
    await lab.open(request);
  } catch (fault) {
    // For whoever mends it; the reader is told what can be done.
    reportError(fault);
    loading = undefined;
    say(dataset.failed);
  }
}

/** What is kept, or solved, is other than before. */
function changed(): void {
  showKept();
  showSolved();
}

function button(text: string, label: string, press: () => void): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.textContent = text;
  made.setAttribute('aria-label', label);
  made.addEventListener('click', press);
  return made;
}

const filled = (text: string | undefined, name: string): string =>
  (text ?? '').replace('{name}', name);

function keptItem(kept: KeptWorld): HTMLLIElement {
  const item = document.createElement('li');
  const go = button(kept.title, filled(dataset.resume, kept.title), () => {
    void open({ from: 'kept', kept });
  });
  go.title = filled(dataset.acts, String(kept.acts));
  const forget = button('✕', filled(dataset.forget, kept.title), () => {
    forgetWorld(store, kept.id);
    changed();
    one('[data-kept]').querySelector('button')?.focus();
  });
  item.append(go, forget);
  return item;
}

const none = one('[data-kept]').firstElementChild;
let listed = '';

function showKept(): void {
  const worlds = keptWorlds(store);
  const now = JSON.stringify(worlds.map(({ id, title, acts }) => [id, title, acts]));
  // Kept again is no news: whose keyboard is in the list stays there.
  if (now === listed) return;
  listed = now;
  const items = worlds.map(keptItem);
  one('[data-kept]').replaceChildren(...(items.length > 0 || !none ? items : [none]));
}

function showSolved(): void {
  for (const id of solvedChallenges(store)) {
    document
      .getElementById(`challenge=${id}`)
      ?.querySelector('[data-solved]')
      ?.removeAttribute('hidden');
  }
}

/** Back and forward, and a link within the page. */
function followChange({ oldURL }: HashChangeEvent): void {
  const before = readAddress(new URL(oldURL).hash);
  const now = readAddress(location.hash);
  const isWorld = ({ kind }: LabAddress): boolean => !['none', 'moment', 'unknown'].includes(kind);
  // What stands there already is not opened anew: a heading of this page was between.
  if (isWorld(now) && lab?.address() === writeAddress(now)) return;
  // Back to the page as it was before anything was opened.
  if (location.hash === '' && isWorld(before)) lab?.close();
  else follow();
}

/** Opens what the address says; a kept world of that very address is offered first. */
function follow(): void {
  const goesOn = takeGoingOn();
  const going = keptWorlds(store).find(({ id }) => id === goesOn);
  if (going) return void open({ from: 'kept', kept: going });
  const address = readAddress(location.hash);
  if (address.kind === 'none') return;
  if (address.kind === 'moment') return say(dataset.moment);
  const here = writeAddress(address);
  const kept = keptWorlds(store).find((world) => world.address === here);
  if (!kept) return void open({ from: 'address', address });
  say(filled(dataset.offer, kept.title));
  one('[data-notice]').append(
    ' ',
    button(dataset.goOn ?? '', filled(dataset.resume, kept.title), () => {
      void open({ from: 'kept', kept });
    }),
    ' ',
    button(dataset.anew ?? '', `${dataset.anew}: ${kept.title}`, () => {
      void open({ from: 'address', address });
    }),
  );
}

/** What a press on an entry of the page opens. */
function addressOf(entry: HTMLElement): LabAddress {
  const count = entry.querySelector<HTMLInputElement>('[data-count]');
  const number = Math.min(5000, Math.max(1, Math.round(Number(count?.value) || 1)));
  const address = readAddress((entry.dataset.open ?? '').replace('-N', `-${number}`));
  const seed = Math.round(Number(field('[data-seed]').value));
  if (address.kind !== 'preset') return address;
  return { ...address, seed: Number.isSafeInteger(seed) ? seed : USUAL_SEED };
}

for (const entry of document.querySelectorAll<HTMLElement>('[data-open]')) {
  entry.querySelector('button')?.addEventListener('click', () => {
    const address = addressOf(entry);
    history.pushState(null, '', `#${writeAddress(address)}`);
    void open({ from: 'address', address });
  });
  const count = entry.querySelector<HTMLInputElement>('[data-count]');
  const cost = entry.querySelector<HTMLElement>('[data-cost]');
  const showCost = (): void => {
    const number = Number(count?.value);
    const text = number > 1000 ? cost?.dataset.much : number > 150 ? cost?.dataset.some : '';
    if (cost) cost.textContent = text ?? '';
  };
  count?.addEventListener('input', showCost);
  showCost();
}

async function openFile(file: File): Promise<void> {
  if (file.size > FILE_LIMIT_BYTES) say(dataset.large);
  else await open({ from: 'file', name: file.name, text: await file.text() });
}

field('[data-file]').addEventListener('change', (event) => {
  const input = event.currentTarget as HTMLInputElement;
  const [file] = input.files ?? [];
  if (file) void openFile(file);
  // The same file again is a change, too.
  input.value = '';
});
addEventListener('dragover', (event) => {
  if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
});
addEventListener('drop', (event) => {
  const [file] = event.dataTransfer?.files ?? [];
  if (!file) return;
  event.preventDefault();
  void openFile(file);
});

/** A page of this site may send a world along that is too long for a link. */
function takeCarried(): boolean {
  try {
    const text = sessionStorage.getItem(CARRIED);
    if (text === null) return false;
    sessionStorage.removeItem(CARRIED);
    void open({ from: 'file', name: '', text });
    return true;
  } catch {
    return false;
  }
}

addEventListener('hashchange', followChange);
// Another tab of the lab kept something, or forgot it.
addEventListener('storage', changed);
changed();
if (!takeCarried()) follow();
