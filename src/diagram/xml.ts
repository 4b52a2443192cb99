/**
 * As much XML as a drawing needs: elements, attributes and text. Reads what a browser's serializer
 * writes (Mermaid's drawings) and writes the normal form.
 */

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlNode[];
}

export type XmlNode = XmlElement | string;

/** Values that are `null`, `undefined` or `''` are left out when written. */
export type AttributeValue = string | number | null | undefined;

export function element(
  name: string,
  attributes: Readonly<Record<string, AttributeValue>>,
  ...children: readonly (XmlNode | null)[]
): XmlElement {
  const kept: Record<string, string> = {};
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== '') {
      kept[key] = typeof value === 'number' ? shortNumber(value) : value;
    }
  }
  return { name, attributes: kept, children: children.filter((child) => child !== null) };
}

/** At most one decimal, no trailing zero, never `-0`. */
export function shortNumber(value: number): string {
  const rounded = Math.round(value * 10) / 10;
  return String(Object.is(rounded, -0) ? 0 : rounded);
}

/**
 * The root element of a document.
 * @throws when the text is not well formed, telling the offset
 */
export function parseXml(text: string): XmlElement {
  const root: { children: XmlNode[] } = { children: [] };
  const open: { name: string; children: XmlNode[] }[] = [];
  const token =
    /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<\/([^\s>]+)\s*>|<([^\s/>]+)([^<>]*?)(\/?)>|([^<]+)/y;
  while (token.lastIndex < text.length) {
    const offset = token.lastIndex;
    const match = token.exec(text);
    if (!match) throw new Error(`Not well-formed XML at offset ${offset}.`);
    const [, closed, name, attributes, empty, characters] = match;
    const into = (open.at(-1) ?? root).children;
    if (characters !== undefined) {
      into.push(decode(characters));
    } else if (name !== undefined) {
      const children: XmlNode[] = [];
      into.push({ name, attributes: parseAttributes(attributes ?? ''), children });
      if (empty !== '/') open.push({ name, children });
    } else if (closed !== undefined && open.pop()?.name !== closed) {
      throw new Error(`The element closed at offset ${offset} is not the open one: ${closed}.`);
    }
  }
  const first = root.children.find((child) => typeof child !== 'string');
  if (!first || open.length > 0) throw new Error('The XML document is not complete.');
  return first;
}

function parseAttributes(text: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [, name, value] of text.matchAll(/([^\s=]+)="([^"]*)"/g)) {
    if (name !== undefined && value !== undefined) attributes[name] = decode(value);
  }
  return attributes;
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
};

function decode(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#([0-9]+)|([a-z]+));/gi, (whole, hex, decimal, name) => {
    if (hex) return String.fromCodePoint(Number.parseInt(String(hex), 16));
    if (decimal) return String.fromCodePoint(Number(decimal));
    return entities[String(name)] ?? whole;
  });
}

function encode(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

/** One line for each element that holds elements, so that a change is read in a difference. */
export function writeXml(node: XmlNode): string {
  if (typeof node === 'string') return encode(node);
  const attributes = Object.entries(node.attributes)
    .map(([name, value]) => ` ${name}="${encode(value).replace(/"/g, '&quot;')}"`)
    .join('');
  if (node.children.length === 0) return `<${node.name}${attributes}/>`;
  const breaks = node.name === 'g' || node.name === 'svg' ? '\n' : '';
  const inner = node.children.map(writeXml).join(breaks);
  return `<${node.name}${attributes}>${breaks}${inner}${breaks}</${node.name}>`;
}

/** Elements below `parent`, itself not among them, in document order. */
export function* descendants(parent: XmlElement): Generator<XmlElement> {
  for (const child of parent.children) {
    if (typeof child === 'string') continue;
    yield child;
    yield* descendants(child);
  }
}

export function elementsOf(parent: XmlElement): readonly XmlElement[] {
  return parent.children.filter((child) => typeof child !== 'string');
}

export function hasClass(one: XmlElement, name: string): boolean {
  return (one.attributes.class ?? '').split(/\s+/).includes(name);
}

export function textOf(node: XmlNode): string {
  return typeof node === 'string' ? node : node.children.map(textOf).join('');
}

/** A numeric attribute; 0 when it is missing. */
export function numberOf(one: XmlElement, name: string): number {
  const value = Number.parseFloat(one.attributes[name] ?? '0');
  return Number.isFinite(value) ? value : 0;
}
