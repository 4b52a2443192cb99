import { StreamLanguage, syntaxHighlighting, type StreamParser } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { tagHighlighter, tags } from '@lezer/highlight';

/** How a file is read, by its name; each comes only when such a file is edited. */
const LANGUAGES: readonly {
  readonly of: RegExp;
  readonly load: () => Promise<StreamParser<unknown>>;
}[] = [
  {
    of: /\.ya?ml$/i,
    load: async () => (await import('./yaml-tokens.ts')).yamlTokens,
  },
  {
    of: /(^|\/)([^/]*\.)?dockerfile(\.[^/]*)?$/i,
    load: async () => (await import('@codemirror/legacy-modes/mode/dockerfile')).dockerFile,
  },
  {
    of: /\.conf$/i,
    load: async () => (await import('@codemirror/legacy-modes/mode/nginx')).nginx,
  },
  {
    of: /\.go$/i,
    load: async () => (await import('@codemirror/legacy-modes/mode/go')).go,
  },
  {
    of: /\.json$/i,
    load: async () => (await import('@codemirror/legacy-modes/mode/javascript')).json,
  },
  {
    of: /\.m?js$/i,
    load: async () => (await import('@codemirror/legacy-modes/mode/javascript')).javascript,
  },
  {
    of: /\.sh$/i,
    load: async () => (await import('@codemirror/legacy-modes/mode/shell')).shell,
  },
];

/** The same classes as the highlighted code of a page has. */
const CLASSES = tagHighlighter([
  { tag: [tags.keyword, tags.definition(tags.propertyName)], class: 't-keyword' },
  { tag: [tags.string, tags.special(tags.string)], class: 't-string' },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], class: 't-constant' },
  { tag: tags.comment, class: 't-comment' },
  { tag: [tags.function(tags.variableName), tags.meta], class: 't-function' },
  { tag: tags.punctuation, class: 't-punctuation' },
]);

/** What colours a file; nothing for those that are plain text, or when it cannot be had. */
export async function languageOf(name: string): Promise<Extension> {
  const language = LANGUAGES.find(({ of }) => of.test(name));
  if (!language) return [];
  try {
    return [StreamLanguage.define(await language.load()), syntaxHighlighting(CLASSES)];
  } catch {
    return [];
  }
}
