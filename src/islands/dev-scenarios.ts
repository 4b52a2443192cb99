/** The seed box of `/dev/scenarios`: shows the trace of another seed, and whether it differs. */
const form = document.querySelector<HTMLFormElement>('form[data-trace]');
const place = document.querySelector<HTMLElement>('[data-golden]');
const said = document.querySelector<HTMLElement>('[data-said]');
const golden = place?.textContent ?? '';

form?.addEventListener('submit', (event) => {
  event.preventDefault();
  const { trace = '', scenario = '' } = form.dataset;
  const seed = new FormData(form).get('seed');
  const query = new URLSearchParams({ scenario, seed: typeof seed === 'string' ? seed : '' });
  void fetch(`${trace}?${query.toString()}`)
    .then((response) => response.text())
    .then((text) => {
      if (place) place.textContent = text;
      const lines = text.split('\n').length - 1;
      if (said) said.textContent = text === golden ? 'the golden trace' : `${lines} lines, others`;
    });
});
