/** The text of code without prompts; of a transcript the commands alone. */
function textToCopy(source: HTMLElement): string {
  const copy = source.cloneNode(true) as HTMLElement;
  for (const prompt of copy.querySelectorAll('.prompt')) prompt.remove();
  const typed = [...copy.querySelectorAll('.typed')].map((line) => line.textContent);
  return typed.length > 0 ? typed.join('\n') : copy.textContent.replace(/\n$/, '');
}

/**
 * Puts the text of an element on the clipboard. Plain-http intranets have no clipboard interface:
 * the text is then selected and the older command tried.
 * Gives `false` when the reader must press the keys; the text stays selected for that.
 */
export async function copyText(source: HTMLElement): Promise<boolean> {
  const text = textToCopy(source);
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    getSelection()?.selectAllChildren(source);
    const replace = (event: ClipboardEvent) => {
      event.clipboardData?.setData('text/plain', text);
      event.preventDefault();
    };
    document.addEventListener('copy', replace, { once: true });
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only way without https
    return document.execCommand('copy');
  }
}

export interface CopyWords {
  readonly copy: string;
  readonly copied: string;
  readonly selected: string;
}

/** Adds a copy button to a frame of code. */
export function attachCopy(frame: HTMLElement, words: CopyWords): void {
  const code = frame.querySelector<HTMLElement>(':scope > .screen, :scope > pre > code');
  if (code === null) return;
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'copy';
  button.textContent = words.copy;
  const status = document.createElement('span');
  status.className = 'copy-status';
  status.setAttribute('role', 'status');
  let timer = 0;
  button.addEventListener('click', () => {
    void copyText(code).then((done) => {
      status.textContent = done ? words.copied : words.selected;
      clearTimeout(timer);
      timer = window.setTimeout(() => (status.textContent = ''), 3000);
    });
  });
  frame.append(status, button);
}
