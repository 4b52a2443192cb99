/**
 * Puts the reader's chosen light on the document before the first paint. It is served as its own
 * source text (pages/theme.js.ts), so it refers to nothing outside itself.
 */
export function applyStoredTheme(): void {
  const root = document.documentElement;
  root.classList.add('js');
  try {
    const theme = localStorage.getItem('drydock:theme');
    if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
  } catch {
    // Storage may be forbidden; the system's light is used then.
  }
}
