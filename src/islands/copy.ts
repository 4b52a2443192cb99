/**
 * Puts the text of an element on the clipboard, without the prompts of its commands. Plain-http
 * intranets have no clipboard interface: the text is then selected and the older command tried.
 * Gives `false` when the reader must press the keys; the text stays selected for that.
 */
export async function copyText(source: HTMLElement): Promise<boolean> {
  const copy = source.cloneNode(true) as HTMLElement;
  for (const prompt of copy.querySelectorAll('.prompt')) prompt.remove();
  const text = copy.textContent.replace(/\n$/, '');
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    getSelection()?.selectAllChildren(source);
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
  const code = frame.querySelector<HTMLElement>('pre > code');
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
