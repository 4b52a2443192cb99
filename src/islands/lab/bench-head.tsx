import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { labStrings } from '../../i18n/lab.ts';
import { fill } from '../../i18n/strings.ts';
import { writeAddress } from './address.ts';
import type { BenchWorld } from './bench-world.ts';
import { copyFrom } from './copy-from.ts';
import type { LabState } from './lab-state.ts';

interface Props {
  readonly lab: LabState;
  readonly bench: BenchWorld;
}

/** What stands on the bench, and what can be done with the whole of it. */
export function BenchHead({ lab, bench }: Props) {
  const t = labStrings[lab.means.locale];
  const { said, link, field, share, download } = useSending(bench);
  const { preset, seed } = bench.opened;
  const keeping = bench.keeping.value;
  const trouble = keeping === undefined || keeping === 'kept' ? '' : keepingWords(keeping, t);
  const { address } = bench;
  return (
    <header class="bench-head">
      <div class="bench-name">
        <h2 id="bench-title" tabIndex={-1}>
          {bench.title}
        </h2>
        <p>
          <code>{preset}</code> {t.seed} <code>{seed}</code>
        </p>
      </div>
      <div class="bench-actions">
        <button type="button" class="bench-button" onClick={() => void share()}>
          {t.share}
        </button>
        <button type="button" class="bench-button" onClick={() => void download()}>
          {t.download}
        </button>
        {address.kind !== 'none' && (
          <button
            type="button"
            class="bench-button"
            onClick={() => void lab.open({ from: 'address', address })}
            title={`#${writeAddress(address)}`.slice(0, 60)}
          >
            {t.reopen}
          </button>
        )}
        <button type="button" class="bench-button" onClick={() => lab.close()}>
          {t.close}
        </button>
      </div>
      <p class="bench-said" role="status">
        {said.value}
      </p>
      <p class="bench-keeping" role="status">
        {trouble}
      </p>
      {link.value !== '' && (
        <input
          ref={field}
          class="bench-link"
          type="text"
          readOnly
          aria-label={t.link}
          value={link.value}
        />
      )}
    </header>
  );
}

/** Sends the world away, as a link or a file, and says how that went. */
function useSending(bench: BenchWorld) {
  const { locale } = bench.looking;
  const t = labStrings[locale];
  const said = useSignal('');
  const link = useSignal('');
  const field = useRef<HTMLInputElement>(null);
  const { preset, seed } = bench.opened;
  const share = async (): Promise<void> => {
    const made = await bench.link();
    link.value = '';
    if (made.kind === 'too-long') {
      said.value = fill(t.tooLong, { count: made.length.toLocaleString(locale) });
      return;
    }
    link.value = `${location.href.replace(/#.*$/s, '')}#${made.payload}`;
    // The field has the address once it is drawn.
    await new Promise(requestAnimationFrame);
    const copied = field.current !== null && (await copyFrom(field.current));
    said.value = copied ? t.shared : t.byHand;
  };
  const download = async (): Promise<void> => {
    const text = await bench.file();
    if (text === undefined) said.value = t.tooLarge;
    else saveAs(`${preset}-${seed}.drydock.json`, text);
  };
  return { said, link, field, share, download };
}

type Trouble = Exclude<BenchWorld['keeping']['value'], 'kept' | undefined>;

const keepingWords = (trouble: Trouble, t: (typeof labStrings)['ko']): string =>
  ({
    apart: t.keptApart,
    full: t.saveFailed,
    forbidden: t.saveForbidden,
    'too-large': t.tooLarge,
  })[trouble];

function saveAs(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
