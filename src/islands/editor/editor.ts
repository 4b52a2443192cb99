/**
 * An editor of one file: CodeMirror in a shadow root of its own, since there its styles are
 * constructed sheets, which the Content Security Policy of a page lets through, where a style element
 * would be dropped. Imported on demand only.
 */
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { editorStrings } from '../../i18n/editor.ts';
import type { Locale } from '../../i18n/locales.ts';
import sheetText from '../../styles/editor.css?inline';
import { FaultChecks } from './fault-checks.ts';
import { FaultList } from './fault-list.ts';
import { faultMarks, rangeOf } from './fault-marks.ts';
import type { EditorFault } from './fault.ts';
import { languageOf } from './languages.ts';

export interface EditorOptions {
  /** The file's name, which chooses its language. */
  readonly name: string;
  readonly text: string;
  /** What the editor is called by those who do not see it. */
  readonly label: string;
  readonly locale: Locale;
  /** Tells what is wrong; asked when the reader pauses. */
  readonly check?: (name: string, text: string) => Promise<readonly EditorFault[]>;
  readonly onChange?: (text: string) => void;
  /** Ctrl+S or Ctrl+Enter. */
  readonly onSave?: (text: string) => void;
}

export interface Editor {
  text(): string;
  /** Puts another text in its place, as one change that can be undone. */
  replace(text: string): void;
  focus(): void;
  destroy(): void;
}

/** How long Tab leaves the editor after Escape. */
const LEAVING_MS = 8_000;

let sheet: CSSStyleSheet | undefined;

/** @param place becomes the editor's host; what stands in it is no longer shown */
export function mountEditor(place: HTMLElement, options: EditorOptions): Editor {
  const { name, text, locale, check } = options;
  const words = editorStrings[locale];
  const root = place.shadowRoot ?? place.attachShadow({ mode: 'open' });
  const hint = document.createElement('p');
  hint.id = 'hint';
  hint.textContent = words.leave;
  const list = new FaultList(locale, (fault) => {
    view.dispatch({ selection: { anchor: rangeOf(view.state.doc, fault).from } });
    view.focus();
  });
  const language = new Compartment();
  const view = new EditorView({
    root,
    state: EditorState.create({
      doc: text,
      extensions: [language.of([]), extensionsOf(options), heard(options, list)],
    }),
  });
  root.replaceChildren(view.dom, hint, list.element);
  if (!sheet) (sheet = new CSSStyleSheet()).replaceSync(sheetText);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets.filter((one) => one !== sheet), sheet];
  view.dom.addEventListener('keydown', ({ key, isComposing }) => {
    if (key === 'Escape' && !isComposing) view.setTabFocusMode(LEAVING_MS);
  });
  void languageOf(name).then((extension) => {
    view.dispatch({ effects: language.reconfigure(extension) });
  });
  const checks = check && new FaultChecks(view, list, words.unchecked, (all) => check(name, all));
  checks?.soon();
  return {
    text: () => view.state.doc.toString(),
    replace: (next) => {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next } });
    },
    focus: () => {
      view.focus();
    },
    destroy: () => {
      checks?.end();
      view.destroy();
      root.replaceChildren();
    },
  };

  function heard({ onChange }: EditorOptions, faults: FaultList): Extension {
    return EditorView.updateListener.of(({ docChanged, selectionSet, state }) => {
      if (selectionSet || docChanged)
        faults.attend(state.doc.lineAt(state.selection.main.head).number);
      if (!docChanged) return;
      onChange?.(state.doc.toString());
      checks?.soon();
    });
  }
}

function extensionsOf({ name, label, onSave }: EditorOptions): Extension {
  const save = (view: EditorView): boolean => {
    onSave?.(view.state.doc.toString());
    return onSave !== undefined;
  };
  const isGo = name.endsWith('.go');
  return [
    history(),
    indentUnit.of(isGo ? '\t' : '  '),
    EditorState.tabSize.of(4),
    indentOnInput(),
    bracketMatching(),
    faultMarks,
    EditorView.contentAttributes.of({
      'aria-label': label,
      'aria-describedby': 'hint',
      autocapitalize: 'off',
      autocorrect: 'off',
      spellcheck: 'false',
      tabindex: '0',
    }),
    keymap.of([
      { key: 'Mod-s', run: save, preventDefault: true },
      { key: 'Mod-Enter', run: save },
      ...defaultKeymap,
      ...historyKeymap,
      indentWithTab,
    ]),
  ];
}
