import { describe, expect, it } from 'vitest';
import { element, parseXml, shortNumber, textOf, writeXml } from './xml.ts';

describe('xml', () => {
  it('reads elements, attributes, entities and text', () => {
    const root = parseXml(
      '<?xml version="1.0"?><g id="a &amp; b"><!-- x --><t>1 &lt; 2 &#xAC00;</t><r/></g>',
    );
    expect(root.attributes).toEqual({ id: 'a & b' });
    expect(root.children.map((child) => (typeof child === 'string' ? child : child.name))).toEqual([
      't',
      'r',
    ]);
    expect(textOf(root)).toBe('1 < 2 가');
  });

  it('writes what it reads', () => {
    const text = '<t id="a &quot;b&quot;">1 &lt; 2 &amp; 3</t>';
    expect(writeXml(parseXml(text))).toBe(text);
  });

  it.each(['<g><t></g></t>', '<g>', 'text', '<g', '<a></b>'])('refuses %s', (text) => {
    expect(() => parseXml(text)).toThrow();
  });

  it('leaves empty attributes out and shortens numbers', () => {
    const one = element('rect', { x: 1.25, y: -0.01, rx: null, class: '', id: undefined });
    expect(writeXml(one)).toBe('<rect x="1.3" y="0"/>');
    expect([10, 0.05, 99.99].map(shortNumber)).toEqual(['10', '0.1', '100']);
  });
});
