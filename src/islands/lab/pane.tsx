import { effect, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { Looking } from '../panels/looking.ts';

/** A part of the bench. On a phone each is behind a tab; on a wider screen the first two are not. */
export interface Pane {
  readonly id: string;
  readonly name: string;
  /** @param looking stands still while the pane is hidden */
  readonly body: (looking: Looking) => ComponentChildren;
  /** Has a place of its own where there is room. */
  readonly apart?: boolean;
}

interface Props {
  readonly pane: Pane;
  readonly looking: Looking;
  readonly isTab: boolean;
  readonly isShown: boolean;
}

/**
 * A pane with its tab's part. What was shown once stays while it is hidden, with all that was opened,
 * written and scrolled in it; hidden, it asks nothing.
 */
export function PaneBody({ pane, looking, isTab, isShown }: Props) {
  const { id, name, body, apart } = pane;
  const wasShown = useRef(false);
  wasShown.current ||= isShown;
  const place = useRef<HTMLElement>(null);
  const still = useStill(looking, isShown);
  useScrolls(place, isShown);
  return (
    <section
      ref={place}
      id={`bench-${id}`}
      class={`bench-pane bench-${id}${apart ? ' is-apart' : ''}`}
      role={isTab ? 'tabpanel' : undefined}
      aria-labelledby={isTab ? `bench-tab-${id}` : undefined}
      aria-label={isTab ? undefined : name}
      hidden={!isShown}
      tabIndex={-1}
    >
      {!isTab && <h3 class="bench-pane-name">{name}</h3>}
      {wasShown.current && body(still)}
    </section>
  );
}

/** What is looked at, as it was when the pane was seen last. */
function useStill(looking: Looking, isShown: boolean): Looking {
  const shown = useSignal(isShown);
  const state = useSignal(looking.state.peek());
  useLayoutEffect(() => {
    shown.value = isShown;
  }, [isShown]);
  useLayoutEffect(
    () =>
      effect(() => {
        if (shown.value) state.value = looking.state.value;
      }),
    [looking],
  );
  return useMemo(() => ({ ...looking, state }), [looking]);
}

/** Where the places in a pane were scrolled to: a browser forgets it of what it does not show. */
function useScrolls(place: { readonly current: HTMLElement | null }, isShown: boolean): void {
  const tops = useRef(new Map<Element, number>());
  useLayoutEffect(() => {
    const { current } = place;
    if (!current || !isShown) return undefined;
    for (const [element, top] of tops.current) element.scrollTop = top;
    const note = ({ target }: Event): void => {
      if (target instanceof Element && !current.hidden) tops.current.set(target, target.scrollTop);
    };
    current.addEventListener('scroll', note, { capture: true, passive: true });
    return () => current.removeEventListener('scroll', note, { capture: true });
  }, [isShown]);
}
