import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { labStrings } from '../../i18n/lab.ts';
import { fill } from '../../i18n/strings.ts';
import type { BenchWorld } from './bench-world.ts';
import { FileEditor, type OpenFile } from './file-editor.tsx';

interface Listed {
  readonly path: string;
  readonly bytes: number;
}

const nameOf = ({ machine, path }: Pick<OpenFile, 'machine' | 'path'>): string =>
  `${machine}:${path}`;

/** The files where somebody types: below the directory of a machine's prompt. */
export function FilesPane({ bench }: { readonly bench: BenchWorld }) {
  const { locale } = bench.looking;
  const t = labStrings[locale];
  const files = useSignal<readonly Listed[]>([]);
  const open = useSignal<OpenFile | undefined>(undefined);
  const drafts = useRef(new Map<string, string>()).current;
  const said = useSignal('');
  const machine = bench.machine.value;
  const { prompts, done, branch } = bench.world.state.value;
  const directory = prompts[machine]?.cwd ?? '/';
  const busy = prompts[machine]?.busy ?? false;
  useEffect(() => {
    // What was typed may have written something; what runs will be looked at when it has ended.
    if (busy) return;
    void bench.files(directory).then((found) => (files.value = found));
  }, [machine, directory, done, branch, busy]);

  const show = async (path: string): Promise<void> => {
    const text = await bench.read(path, machine);
    said.value = text === undefined ? fill(t.fileGone, { path }) : '';
    if (text !== undefined) open.value = { machine, path, text };
  };
  const save = async ({ path, machine: there }: OpenFile, text: string): Promise<void> => {
    await bench.save(path, text, there);
    said.value = fill(t.fileSaved, { path });
  };
  const close = (file: OpenFile, draft: string | undefined): void => {
    if (draft === undefined) drafts.delete(nameOf(file));
    else drafts.set(nameOf(file), draft);
    open.value = undefined;
  };
  return (
    <div class="bench-files">
      <p role="status" class="bench-said">
        {said.value}
      </p>
      {open.value ? (
        <FileEditor
          key={nameOf(open.value)}
          bench={bench}
          file={open.value}
          draft={drafts.get(nameOf(open.value))}
          save={save}
          close={close}
        />
      ) : (
        <>
          <p class="bench-form-note">
            {t.fileMachine} <code>{machine}</code>, {t.directory} <code>{directory}</code>
          </p>
          <NewFile
            locale={locale}
            make={(path) => {
              open.value = { machine, path: absolute(directory, path), text: '' };
            }}
          />
          {files.value.length === 0 && <p>{t.fileNone}</p>}
          <FileList
            {...{ bench, directory, files: files.value, show }}
            hasDraft={(path) => drafts.has(nameOf({ machine, path }))}
          />
        </>
      )}
    </div>
  );
}

interface FileListProps {
  readonly bench: BenchWorld;
  readonly directory: string;
  readonly files: readonly Listed[];
  readonly hasDraft: (path: string) => boolean;
  readonly show: (path: string) => Promise<void>;
}

function FileList({ bench, directory, files, hasDraft, show }: FileListProps) {
  const { locale } = bench.looking;
  const t = labStrings[locale];
  return (
    <ul class="bench-file-list" aria-label={t.fileList}>
      {files.map(({ path, bytes }) => (
        <li key={path}>
          <button type="button" onClick={() => void show(path)}>
            {path.startsWith(`${directory}/`) ? path.slice(directory.length + 1) : path}
          </button>
          <span>
            {hasDraft(path)
              ? t.fileUnsaved
              : fill(t.fileBytes, { count: bytes.toLocaleString(locale) })}
          </span>
        </li>
      ))}
    </ul>
  );
}

const absolute = (directory: string, path: string): string =>
  path.startsWith('/') ? path : `${directory.replace(/\/$/, '')}/${path}`;

interface NewFileProps {
  readonly locale: 'ko' | 'en';
  readonly make: (path: string) => void;
}

function NewFile({ locale, make }: NewFileProps) {
  const t = labStrings[locale];
  const path = useSignal('');
  const isSound = /^[\w./-]*[\w-]$/.test(path.value.trim());
  return (
    <form
      class="bench-new-file"
      onSubmit={(event) => {
        event.preventDefault();
        if (isSound) make(path.value.trim());
      }}
    >
      <label>
        <span class="unseen">{t.filePath}</span>
        <input
          type="text"
          placeholder="app.yaml"
          autocomplete="off"
          spellcheck={false}
          value={path.value}
          onInput={(event) => (path.value = event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="bench-button" aria-disabled={!isSound}>
        {t.fileNew}
      </button>
    </form>
  );
}
