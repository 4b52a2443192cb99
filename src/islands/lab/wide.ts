import { useSignal, type ReadonlySignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

const WIDE = '(min-width: 48rem)';

/** Whether there is room for more than one pane at a time; the styles of the bench say the same. */
export function useWide(): ReadonlySignal<boolean> {
  const isWide = useSignal(matchMedia(WIDE).matches);
  useEffect(() => {
    const list = matchMedia(WIDE);
    const follow = (): void => {
      isWide.value = list.matches;
    };
    list.addEventListener('change', follow);
    return () => list.removeEventListener('change', follow);
  }, []);
  return isWide;
}
