import { effect } from '@preact/signals';
import type { Session } from './session.ts';

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
