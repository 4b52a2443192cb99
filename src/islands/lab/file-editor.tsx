import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { labStrings } from '../../i18n/lab.ts';
import type { Editor } from '../editor/editor.ts';
import type { BenchWorld } from './bench-world.ts';

interface Props {
  readonly bench: BenchWorld;
  readonly path: string;
  readonly text: string;
  readonly save: (path: string, text: string) => Promise<void>;
  readonly close: () => void;
}

/** One file in the editor. Where the editor cannot be fetched, a plain field does. */
export function FileEditor({ bench, path, text, save, close }: Props) {
  const { engine, locale } = bench.looking;
  const t = labStrings[locale];
  const place = useRef<HTMLDivElement>(null);
  const editor = useRef<Editor | undefined>(undefined);
  const plain = useSignal(false);
  const written = useSignal(text);
  const saved = useSignal(text);
  const saveNow = (): void => {
    const now = editor.current?.text() ?? written.peek();
    void save(path, now).then(() => (saved.value = now));
  };
  useEffect(() => {
    let ended = false;
    import('../editor/editor.ts').then(
      ({ mountEditor }) => {
        if (ended || !place.current) return;
        const name = path.slice(path.lastIndexOf('/') + 1);
        editor.current = mountEditor(place.current, {
          ...{ name, text, label: path, locale },
          check: (file, content) => engine.ask('editor/check', { name: file, text: content }),
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
        <code class="bench-path">{path}</code>
        <button type="button" class="bench-button bench-act" onClick={saveNow}>
          {t.fileSave}
        </button>
        <button type="button" class="bench-button" onClick={close}>
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
