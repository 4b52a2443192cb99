import { SPEEDS } from '../terminal/clock.ts';
import type { BenchWorld } from './bench-world.ts';

/** Keys of the bench, wherever in it the focus is, except where text is typed. */
export function handleKey(event: KeyboardEvent, bench: BenchWorld): void {
  if (event.isComposing || event.defaultPrevented) return;
  if (event.ctrlKey || event.metaKey || event.altKey || takesText(event.target)) return;
  const act = actOf(event.code, bench);
  if (!act) return;
  event.preventDefault();
  act();
}

/** By the place of the key: on a Korean layout it writes another letter. */
function actOf(code: string, bench: BenchWorld): (() => void) | undefined {
  const { world } = bench;
  const speed = SPEEDS[Number(/^(?:Digit|Numpad)([1-4])$/.exec(code)?.[1] ?? 0) - 1];
  if (speed !== undefined) return () => (world.speed.value = speed);
  switch (code) {
    case 'KeyK':
      return () => world.play(!world.playing.value);
    case 'KeyL':
      return () => bench.live(1000);
    case 'KeyU':
      return () => bench.undo();
    case 'KeyT':
      return () => show('terminal', bench);
    case 'KeyM':
      return () => show('map', bench);
    default:
      return undefined;
  }
}

function show(pane: 'terminal' | 'map', bench: BenchWorld): void {
  bench.pane.value = pane;
  // A pane that was hidden can take the focus once it is drawn.
  requestAnimationFrame(() => {
    const place = document.getElementById(`bench-${pane}`);
    const inner = place?.querySelector<HTMLElement>(
      'textarea, input:not([type=radio]), [tabindex="0"], button',
    );
    (inner ?? place)?.focus();
  });
}

/** The terminal and editors see to their keys themselves. */
function takesText(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  const field = target.closest('input, textarea, select, [contenteditable], [role="application"]');
  if (field instanceof HTMLInputElement && ['radio', 'checkbox', 'button'].includes(field.type)) {
    return false;
  }
  return field !== null || target.shadowRoot !== null;
}
