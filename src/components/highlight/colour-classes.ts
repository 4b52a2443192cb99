import type { ShikiTransformer } from 'shiki';

export type Element = Parameters<NonNullable<ShikiTransformer['span']>>[0];

const tokenColour = /--astro-code-token-([a-z-]+)/;

/**
 * Shiki paints with style attributes, which the Content Security Policy drops: each colour becomes
 * a class `t-keyword`, `t-string` …, whose colours styles/code.css gives in every light.
 */
export function classesForColours(): ShikiTransformer {
  return {
    name: 'classes-for-colours',
    span(span) {
      const name = tokenColour.exec(span.properties.style ?? '')?.[1];
      delete span.properties.style;
      if (name !== undefined) span.properties.class = `t-${name}`;
    },
    pre(pre) {
      delete pre.properties.style;
    },
    root(root) {
      dropStyles(root.children as Element[]);
    },
  };
}

/** Astro adds a style of its own to the prefix of a diff's lines. */
function dropStyles(nodes: readonly Element[]): void {
  for (const node of nodes) {
    if (node.type !== 'element') continue;
    delete node.properties.style;
    dropStyles(node.children as Element[]);
  }
}
