import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { labStrings } from '../../i18n/lab.ts';
import type { Editor } from '../editor/editor.ts';
import type { BenchWorld } from './bench-world.ts';

/** A file in the editor: of the machine on which it was opened, whichever is chosen since. */
export interface OpenFile {
  readonly machine: string;
  readonly path: string;
  readonly text: string;
}

interface Props {
  readonly bench: BenchWorld;
  readonly file: OpenFile;
  /** What was written in it before, and not saved. */
  readonly draft: string | undefined;
  readonly save: (file: OpenFile, text: string) => Promise<void>;
  /** @param draft undefined when all is saved */
  readonly close: (file: OpenFile, draft: string | undefined) => void;
}

/** One file in the editor. Where the editor cannot be fetched, a plain field does. */
export function FileEditor({ bench, file, draft, save, close }: Props) {
  const { path, machine, text } = file;
  const { engine, locale } = bench.looking;
  const t = labStrings[locale];
  const place = useRef<HTMLDivElement>(null);
  const editor = useRef<Editor | undefined>(undefined);
  const plain = useSignal(false);
  const written = useSignal(draft ?? text);
  const saved = useSignal(text);
  const saveNow = (): void => {
    const now = editor.current?.text() ?? written.peek();
    void save(file, now).then(() => (saved.value = now));
  };
  useEffect(() => {
    let ended = false;
    import('../editor/editor.ts').then(
      ({ mountEditor }) => {
        if (ended || !place.current) return;
        const name = path.slice(path.lastIndexOf('/') + 1);
        editor.current = mountEditor(place.current, {
          ...{ name, text: draft ?? text, label: path, locale },
          check: (one, content) => engine.ask('editor/check', { name: one, text: content }),
          onChange: (now) => (written.value = now),
          onSave: saveNow,
        });
        editor.current.focus();
      },
      () => (plain.value = true),
    );
    return () => {
      ended = true;
      editor.current?.destroy();
    };
  }, []);
  return (
    <div class="bench-editor">
      <div class="bench-form-acts">
        <code class="bench-path">
          {bench.machine.value === machine ? path : `${machine}:${path}`}
        </code>
        <button type="button" class="bench-button bench-act" onClick={saveNow}>
          {t.fileSave}
        </button>
        <button
          type="button"
          class="bench-button"
          onClick={() => close(file, written.peek() === saved.peek() ? undefined : written.peek())}
        >
          {t.fileClose}
        </button>
        <span role="status">{written.value !== saved.value && t.fileUnsaved}</span>
      </div>
      <div ref={place} class="bench-editor-place" />
      {plain.value && (
        <textarea
          aria-label={path}
          rows={16}
          spellcheck={false}
          value={written.value}
          onInput={(event) => (written.value = event.currentTarget.value)}
        />
      )}
    </div>
  );
}
