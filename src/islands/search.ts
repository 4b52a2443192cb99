/**
 * Opens search by its button, `/`, Ctrl+K and Cmd+K. Everything else is loaded at the first
 * opening, so that a page which is only read pays for this file alone.
 */
import { isLocale } from '../i18n/locales.ts';
import type { openSearchDialog } from './search-dialog.tsx';

const button = document.querySelector<HTMLElement>('button[data-search-open]');
let loading: Promise<typeof openSearchDialog> | undefined;

async function open(): Promise<void> {
  loading ??= import('./search-dialog.tsx').then((module) => module.openSearchDialog);
  const { base = '/', locale } = button?.dataset ?? {};
  await (
    await loading
  )({ base, locale: isLocale(locale) ? locale : 'ko' });
}

/**
 * Where a typed `/` is text: fields, editors, anything that takes keys for itself. What has a shadow
 * root is an editor, too: from here its field is not to be seen.
 */
function takesText(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  const field = target.closest('input, textarea, select, [contenteditable], [role="application"]');
  return field !== null || target.shadowRoot !== null;
}

for (const opener of document.querySelectorAll('[data-search-open]')) {
  opener.addEventListener('click', () => void open());
}
document.addEventListener('keydown', (event) => {
  if (event.isComposing || event.defaultPrevented || event.altKey) return;
  const command = event.ctrlKey || event.metaKey;
  // The code, not the letter: on a Korean layout this key writes ㅏ.
  const byCommand = command && !event.shiftKey && event.code === 'KeyK';
  const bySlash = !command && event.key === '/' && !takesText(event.target);
  if (!byCommand && !bySlash) return;
  event.preventDefault();
  void open();
});
