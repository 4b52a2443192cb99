/** Copies where there is no clipboard; what could not be copied stays selected, for Ctrl+C. */
export function copyBySelection(element: HTMLElement): boolean {
  if (element instanceof HTMLInputElement) element.select();
  else getSelection()?.selectAllChildren(element);
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only way without https
  return document.execCommand('copy');
}
