const lights = ['auto', 'light', 'dark'] as const;
type Light = (typeof lights)[number];

const key = 'drydock:theme';

function present(): Light {
  const value = document.documentElement.dataset.theme;
  return value === 'light' || value === 'dark' ? value : 'auto';
}

/** Makes the theme button go through automatic, light and dark, and remember the choice. */
export function attachTheme(button: HTMLButtonElement): void {
  const show = (): void => {
    const text = `${button.dataset.label}: ${button.dataset[present()]}`;
    button.setAttribute('aria-label', text);
    button.title = text;
  };
  button.addEventListener('click', () => {
    const next = lights[(lights.indexOf(present()) + 1) % lights.length] ?? 'auto';
    const root = document.documentElement;
    if (next === 'auto') delete root.dataset.theme;
    else root.dataset.theme = next;
    try {
      if (next === 'auto') localStorage.removeItem(key);
      else localStorage.setItem(key, next);
    } catch {
      // Storage may be forbidden; the choice then lasts for this page.
    }
    show();
  });
  show();
}
