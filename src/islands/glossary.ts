/** Filters the glossary while the reader types: names in both languages, other spellings, text. */

/** Spaces and case do not matter: 롤링업데이트 finds 롤링 업데이트. */
function plain(text: string): string {
  return text.normalize('NFC').toLowerCase().replace(/\s+/g, '');
}

function attachGlossary(glossary: HTMLElement, input: HTMLInputElement): void {
  const status = glossary.querySelector('.glossary-found');
  const groups = [...glossary.querySelectorAll<HTMLElement>('.glossary-group')];
  const entries = groups.flatMap((group) =>
    [...group.querySelectorAll<HTMLElement>('.entry')].map((element) => {
      const text = plain(`${element.dataset.also} ${element.textContent}`);
      return { element, group, text };
    }),
  );
  const filter = (): void => {
    const wanted = plain(input.value);
    const found = entries.filter(({ text }) => text.includes(wanted));
    const shown = new Set(found.map(({ element }) => element));
    const open = new Set(found.map(({ group }) => group));
    for (const { element } of entries) element.hidden = !shown.has(element);
    for (const group of groups) group.hidden = !open.has(group);
    const words = found.length === 0 ? glossary.dataset.none : glossary.dataset.count;
    if (status !== null) {
      status.textContent = (words ?? '').replace('{count}', String(found.length));
    }
  };
  input.addEventListener('input', filter);
  // The browser may restore what was typed, and a link to a hidden term must show it.
  addEventListener('hashchange', () => {
    if (document.querySelector('.entry:target')?.matches('[hidden]')) {
      input.value = '';
      filter();
      document.querySelector('.entry:target')?.scrollIntoView();
    }
  });
  filter();
}

const glossary = document.querySelector<HTMLElement>('.glossary');
const input = glossary?.querySelector('input');
if (glossary && input) attachGlossary(glossary, input);
