/** Hears that the page's colours are others: the reader chose a theme, or the system another light. */
export function onLights(listener: () => void): () => void {
  const theme = new MutationObserver(listener);
  theme.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  const systems = ['(prefers-color-scheme: dark)', '(forced-colors: active)'].map((query) =>
    matchMedia(query),
  );
  for (const system of systems) system.addEventListener('change', listener);
  return () => {
    theme.disconnect();
    for (const system of systems) system.removeEventListener('change', listener);
  };
}
