import { isSemanticClass } from '../../diagram/graph.ts';
import { locales } from '../../i18n/locales.ts';
import type { Fault } from '../authoring-error.ts';
import type { ContentSource } from './pages.ts';
import { itemsOf, readYaml, textOf, valueOf, type YamlSource } from './yaml-lines.ts';

const path = 'content/navigation.yaml';

/** A page id with the line that lists it. */
interface Listed {
  readonly id: string;
  readonly line: number;
}

/** Every listed page exists, every page is listed once, and every topic is complete. */
export function checkNavigation({ root, pages }: ContentSource): readonly Fault[] {
  const source = readYaml(root, path);
  const topics = itemsOf(source.root);
  const faults = topics.flatMap((topic) => checkTopic(source, topic));
  const listed = topics.flatMap((topic) => pagesOf(source, topic));
  const ids = new Set(pages.map((page) => page.id));
  const seen = new Set<string>();
  for (const { id, line } of listed) {
    if (!ids.has(id)) {
      const files = locales.map((locale) => `content/docs/${locale}/${id}.mdx`).join(' and ');
      const what = `The page "${id}" does not exist.`;
      faults.push({ file: path, line, what, remedy: `Write ${files}, or remove it here.` });
    } else if (seen.has(id)) {
      const what = `The page "${id}" is listed twice.`;
      faults.push({ file: path, line, what, remedy: 'List it once.' });
    }
    seen.add(id);
  }
  for (const page of pages) {
    if (seen.has(page.id)) continue;
    const what = `The page "${page.id}" is in no topic.`;
    faults.push({ file: page.file, line: 1, what, remedy: `List it in ${path}.` });
  }
  return faults;
}

function pagesOf(source: YamlSource, topic: unknown): readonly Listed[] {
  const id = textOf(valueOf(topic, 'id'));
  return itemsOf(valueOf(topic, 'pages')).flatMap((page) => {
    const name = textOf(page);
    return name === null ? [] : [{ id: `${id}/${name}`, line: source.lineOf(page) }];
  });
}

function checkTopic(source: YamlSource, topic: unknown): Fault[] {
  const line = source.lineOf(topic);
  const id = textOf(valueOf(topic, 'id'));
  const fault = (what: string, remedy: string): Fault => ({ file: path, line, what, remedy });
  if (id === null) return [fault('A topic has no id.', 'Give it one, such as "images".')];
  const faults: Fault[] = [];
  for (const key of ['title', 'description']) {
    for (const locale of locales) {
      if (textOf(valueOf(valueOf(topic, key), locale))) continue;
      faults.push(fault(`The topic "${id}" has no ${key} in "${locale}".`, 'Write it.'));
    }
  }
  const symbol = textOf(valueOf(topic, 'symbol'));
  if (symbol === null || !isSemanticClass(symbol)) {
    const what = `The topic "${id}" has the unknown symbol "${symbol}".`;
    faults.push(fault(what, 'Use one of those in src/diagram/symbols.ts.'));
  }
  if (itemsOf(valueOf(topic, 'pages')).length === 0) {
    faults.push(fault(`The topic "${id}" has no pages.`, 'List one, or remove the topic.'));
  }
  return faults;
}
