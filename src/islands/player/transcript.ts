import { copyBySelection } from './copying.ts';
import { transcriptText } from './transcript-text.ts';
import type { Session } from './session.ts';

/** The whole run in words, written when it is opened first, and copied on demand. */
export function attachTranscript(session: Session): () => void {
  const ended = new AbortController();
  const { signal } = ended;
  const { words, run, parts, notice } = session;
  const details = parts.root.querySelector<HTMLDetailsElement>('.run-transcript');
  const place = details?.querySelector<HTMLElement>('[data-part="transcript"]');
  const text = (): string =>
    transcriptText(run.film, { fault: words.fault, failure: words.failure });
  details?.addEventListener(
    'toggle',
    () => {
      if (place && details.open && place.textContent === '') place.textContent = text();
    },
    { signal },
  );
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text());
      notice.value = words.transcriptCopied;
    } catch {
      const copied = place && copyBySelection(place);
      notice.value = copied ? words.transcriptCopied : words.transcriptByHand;
    }
  };
  details
    ?.querySelector('[data-act="transcript"]')
    ?.addEventListener('click', () => void copy(), { signal });
  return () => ended.abort();
}
