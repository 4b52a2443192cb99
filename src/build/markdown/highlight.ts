import type { ShikiTransformer } from 'shiki';
import type { Element } from '../../components/highlight/colour-classes.ts';

export type { Element };

/** The value of `name=value` among the words after a fence's language. */
export function fenceOption(meta: string, name: string): string | undefined {
  for (const word of meta.split(/\s+/)) {
    if (word.startsWith(`${name}=`)) return word.slice(name.length + 1);
  }
  return undefined;
}

/**
 * In `console` code the prompt is one span, `$ ` with its space, so that what is selected or copied
 * is the command alone.
 */
export function consolePrompts(): ShikiTransformer {
  return {
    name: 'console-prompts',
    line(line) {
      if (this.options.lang !== 'console') return;
      const [prompt, command] = line.children.map((child) =>
        child.type === 'element' && child.children[0]?.type === 'text' ? child : undefined,
      );
      const [sign, rest] = [prompt?.children[0], command?.children[0]];
      if (prompt === undefined || sign?.type !== 'text' || sign.value !== '$') return;
      if (rest?.type !== 'text' || !rest.value.startsWith(' ')) return;
      prompt.properties.class = 'prompt';
      sign.value = '$ ';
      rest.value = rest.value.slice(1);
    },
  };
}

/** Puts code in a frame with its file's name, if it has one. Copying is added by an island. */
export function codeFrame(): ShikiTransformer {
  return {
    name: 'code-frame',
    root(root) {
      const [pre, ...below] = root.children;
      if (pre?.type !== 'element') return;
      const raw: unknown = this.options.meta?.__raw;
      const meta = typeof raw === 'string' ? raw : '';
      const file = fenceOption(meta, 'file');
      pre.properties.tabindex = '0';
      const title: Element[] =
        file === undefined ? [] : [element('figcaption', { class: 'code-file' }, [text(file)])];
      // The world of the page that it belongs to, where that is not the one of fences that name none.
      const data = {
        language: this.options.lang,
        file,
        world: fenceOption(meta, file === undefined ? 'run' : 'world'),
        preset: fenceOption(meta, 'preset'),
      };
      const what = Object.fromEntries(
        Object.entries(data).flatMap(([name, value]) => (value ? [[`data-${name}`, value]] : [])),
      );
      root.children = [element('figure', { class: 'code', ...what }, [...title, pre, ...below])];
    },
  };
}

export function element(
  tagName: string,
  properties: Record<string, string>,
  children: unknown[],
): Element {
  return { type: 'element', tagName, properties, children } as Element;
}

export const text = (value: string) => ({ type: 'text' as const, value });
