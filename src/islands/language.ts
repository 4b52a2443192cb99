/** Keeps the place in the page when the reader changes the language, and remembers the language. */
export function attachLanguage(link: HTMLAnchorElement): void {
  const keepPlace = (): void => {
    link.hash = location.hash;
  };
  keepPlace();
  addEventListener('hashchange', keepPlace);
  link.addEventListener('click', () => {
    keepPlace();
    try {
      localStorage.setItem('drydock:language', link.dataset.language ?? '');
    } catch {
      // Storage may be forbidden; the address still carries the language.
    }
  });
}
