import { effect } from '@preact/signals';
import { buttonOf } from './parts.ts';
import type { Session } from './session.ts';

/** What can stand beside the figure. */
export type SideTab = 'inspect' | 'events' | 'requests';

/** Opens the side when it is wanted; what it shows is fetched then. */
export function attachSide(session: Session): () => void {
  const { parts, side } = session;
  let hide: (() => void) | undefined;
  let ended = false;
  const show = async (): Promise<void> => {
    const { showSide } = await import('./side.tsx');
    if (!ended && side.value !== undefined) hide ??= showSide(session);
  };
  const end = effect(() => {
    const tab = side.value;
    const isOpen = tab !== undefined;
    parts.figure.classList.toggle('is-inspecting', isOpen);
    parts.inspector.hidden = !isOpen;
    for (const act of ['events', 'requests'] as const) {
      const button = parts.root.querySelector(`button[data-act="${act}"]`);
      button?.setAttribute('aria-expanded', String(tab === act));
    }
    if (isOpen) void show();
    else {
      hide?.();
      hide = undefined;
    }
  });
  return () => {
    ended = true;
    end();
    hide?.();
  };
}

/** Opens a side, or closes the one that is open. */
export function toggleSide(session: Session, tab: SideTab): void {
  session.touched.value = true;
  if (session.side.value === tab) closeSide(session);
  else session.side.value = tab;
}

/** The focus returns to what opened it: the inspected node, or a button. */
export function closeSide(session: Session): void {
  const { side, inspected, attached, parts } = session;
  const [tab, node] = [side.value, inspected.value];
  inspected.value = undefined;
  side.value = undefined;
  if (tab === 'inspect' && node !== undefined) attached.focus(node);
  else if (tab === 'events' || tab === 'requests') buttonOf(parts.root, tab).focus();
}
