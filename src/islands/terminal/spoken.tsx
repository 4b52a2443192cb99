import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Screen } from './screen.ts';

/** What comes within this time is read as one. */
const BATCH_MS = 700;

/** Reads what was printed aloud, once: the lines themselves are no live region. */
export function Spoken({ screen, also }: { readonly screen: Screen; readonly also: string }) {
  const text = useSignal('');
  useEffect(() => {
    // What stands there when the terminal appears is not news.
    screen.takeHeard();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const unsubscribe = screen.revision.subscribe(() => {
      timer ??= setTimeout(() => {
        timer = undefined;
        const heard = screen.takeHeard().trim();
        if (heard !== '') text.value = heard;
      }, BATCH_MS);
    });
    return () => {
      unsubscribe();
      clearTimeout(timer);
    };
  }, [screen]);
  return (
    <div class="terminal-spoken" role="status">
      <p>{text.value}</p>
      <p>{also}</p>
    </div>
  );
}
