/**
 * A figure told in words, for readers who do not see it and for those who would rather read: its
 * parts and links as lists, a sequence as its steps in order.
 */
import { figureStrings } from '../i18n/figure.ts';
import type { Locale } from '../i18n/locales.ts';
import { fill } from '../i18n/strings.ts';
import { isSemanticClass, type Graph, type GraphEdge, type GraphNode } from './graph.ts';

/** One entry of a list; entries of a frame or group stand below it. */
export interface WordItem {
  readonly text: string;
  readonly items: readonly WordItem[];
}

export interface WordList {
  readonly heading: string;
  /** Whether the order says something. */
  readonly ordered: boolean;
  readonly items: readonly WordItem[];
}

type FigureWords = (typeof figureStrings)[Locale];

/** The lists of the twin, in reading order; empty lists are left out. */
export function wordsOf(graph: Graph, locale: Locale): WordList[] {
  const t = figureStrings[locale];
  const names = new Map(graph.nodes.map((node) => [node.id, nameOf(node, t)]));
  const steps = graph.kind === 'sequence';
  const lists: WordList[] = [
    { heading: t.parts, ordered: false, items: partsWithin(graph, null, t) },
    steps
      ? { heading: t.steps, ordered: true, items: stepItems(graph, names, locale) }
      : {
          heading: t.links,
          ordered: false,
          items: graph.edges
            .filter((edge) => edge.line !== 'invisible')
            .map((edge) => leaf(edgeSentence(edge, names, locale))),
        },
  ];
  return lists.filter(({ items }) => items.length > 0);
}

function leaf(text: string): WordItem {
  return { text, items: [] };
}

function nameOf(node: GraphNode, t: FigureWords): string {
  if (node.label !== '') return node.label;
  const silent = { start: t.start, end: t.end, choice: t.choice, fork: t.fork } as const;
  return node.shape in silent ? silent[node.shape as keyof typeof silent] : node.id;
}

/** Parts below a group, groups with their own below them. Start and end need no entry. */
function partsWithin(graph: Graph, parent: string | null, t: FigureWords): WordItem[] {
  return graph.nodes
    .filter((node) => node.parent === parent && (node.label !== '' || node.shape === 'group'))
    .map((node) => {
      const kinds = node.classes.filter(isSemanticClass).map((name) => t[name]);
      const marks = [...(node.annotations ?? []), ...kinds];
      const plain = nameOf(node, t);
      const name = node.shape === 'note' ? fill(t.note, { label: plain }) : plain;
      // "Pod (Pod)" tells nothing.
      const told = marks.filter((mark) => !name.toLowerCase().includes(mark.toLowerCase()));
      const text = told.length > 0 ? `${name} (${told.join(', ')})` : name;
      return { text, items: [...detail(node, t), ...partsWithin(graph, node.id, t)] };
    });
}

function detail(node: GraphNode, t: FigureWords): WordItem[] {
  const rows = [
    { name: t.members, values: node.members ?? [] },
    { name: t.methods, values: node.methods ?? [] },
  ];
  return rows
    .filter(({ values }) => values.length > 0)
    .map(({ name, values }) => leaf(`${name}: ${values.join(', ')}`));
}

function edgeSentence(edge: GraphEdge, names: ReadonlyMap<string, string>, locale: Locale): string {
  const t = figureStrings[locale];
  const template = edge.relation === 'note' ? t.noteOn : t[edge.relation];
  const from = names.get(edge.from) ?? edge.from;
  const to = names.get(edge.to) ?? edge.to;
  const sentence = fill(locale === 'ko' ? withParticles(template, from, to) : template, {
    from,
    to,
  });
  const { fromEnd = '', toEnd = '', label } = edge;
  const counted = fromEnd && toEnd ? fill(t.ends, { sentence, fromEnd, toEnd }) : sentence;
  return label === '' ? counted : fill(t.labelled, { sentence: counted, label });
}

/** The template with the Korean particles that its words ask for. */
function withParticles(template: string, from: string, to: string): string {
  const final = (word: string) => finalConsonant(word);
  return template
    .replace('{from}와', `{from}${final(from) === 0 ? '와' : '과'}`)
    .replace('{to}로', `{to}${final(to) === 0 || final(to) === 8 ? '로' : '으로'}`)
    .replace('{to}를', `{to}${final(to) === 0 ? '를' : '을'}`);
}

/** Letters and digits whose Korean name ends in a consonant: L, M, N, R and 0, 1, 3, 6, 7, 8. */
const spokenFinals: Readonly<Record<string, number>> = {
  l: 8,
  m: 16,
  n: 4,
  r: 8,
  '0': 21,
  '1': 8,
  '3': 16,
  '6': 1,
  '7': 8,
  '8': 8,
};

/** Number of the final consonant of the last syllable; 0 when it ends in a vowel. */
function finalConsonant(word: string): number {
  const last = word.replace(/[^\p{L}\p{N}]+$/u, '').at(-1) ?? '';
  const code = last.charCodeAt(0) - 0xac00;
  if (code >= 0 && code < 11172) return code % 28;
  return spokenFinals[last.toLowerCase()] ?? 0;
}

function stepItems(graph: Graph, names: ReadonlyMap<string, string>, locale: Locale): WordItem[] {
  const t = figureStrings[locale];
  const edges = new Map(graph.edges.map((edge) => [edge.id, edge]));
  const top: WordItem[] = [];
  const open: WordItem[][] = [top];
  const push = (item: WordItem) => open.at(-1)?.push(item);
  for (const step of graph.steps) {
    if (step.type === 'message') {
      const edge = edges.get(step.edge);
      if (edge) push(leaf(edgeSentence(edge, names, locale)));
    } else if (step.type === 'note') {
      const over = step.over.map((id) => names.get(id) ?? id).join(', ');
      push(leaf(fill(t.noteOver, { over, label: step.label })));
    } else if (step.type === 'close') {
      if (open.length > 1) open.pop();
    } else {
      if (step.type === 'section' && open.length > 1) open.pop();
      const frame = step.type === 'frame' ? frameName(step.frame, t) : t.otherwise;
      const items: WordItem[] = [];
      push({ text: step.label === '' ? frame : `${frame}: ${step.label}`, items });
      open.push(items);
    }
  }
  return top;
}

function frameName(frame: string, t: FigureWords): string {
  const known = {
    loop: t.loop,
    alt: t.alt,
    opt: t.opt,
    par: t.par,
    critical: t.critical,
    break: t.break,
    rect: t.rect,
  };
  return frame in known ? known[frame as keyof typeof known] : frame;
}
