/**
 * Puts the text of a field on the clipboard. Where there is no clipboard interface, as on a
 * plain-http intranet, it is selected and the older command tried.
 * @returns false when the reader has to press the keys; the text stays selected for that
 */
export async function copyFrom(field: HTMLInputElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    field.focus();
    field.select();
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only way without https
    return document.execCommand('copy');
  }
}
