import { mdxToMdast } from 'satteri';
import { figureIdOf } from './outline.ts';

/** A Mermaid fence of a page. */
export interface PageFigure {
  /** Path of the page, as it is told to authors. */
  readonly file: string;
  /** Line of the opening fence; line `n` of the diagram is line `line + n` of the page. */
  readonly line: number;
  /** From `figure=ID`; `null` when it is missing. */
  readonly id: string | null;
  /** From `run=SCENARIO`. */
  readonly run: string | null;
  /** The diagram as written, comments included. */
  readonly fence: string;
}

interface Node {
  readonly type: string;
  readonly lang?: string | null;
  readonly meta?: string | null;
  readonly value?: string;
  readonly children?: readonly Node[];
  readonly position?: { readonly start: { readonly line: number } };
}

/** The scenario from the words after the fence's language, or `null`. */
export function scenarioIdOf(meta: string | null | undefined): string | null {
  return /(?:^|\s)run=([^\s]+)/.exec(meta ?? '')?.[1] ?? null;
}

/** The figure that a `code` node of Markdown is, or `null` when it is another language. */
export function figureOfNode(file: string, node: Node): PageFigure | null {
  if (node.type !== 'code' || node.lang !== 'mermaid') return null;
  return {
    file,
    line: node.position?.start.line ?? 1,
    id: figureIdOf(node.meta),
    run: scenarioIdOf(node.meta),
    fence: node.value ?? '',
  };
}

/** Every Mermaid fence of a page in document order. */
export function figuresOfPage(file: string, source: string): PageFigure[] {
  const figures: PageFigure[] = [];
  const visit = (node: Node): void => {
    const figure = figureOfNode(file, node);
    if (figure) figures.push(figure);
    node.children?.forEach(visit);
  };
  visit(mdxToMdast(source));
  return figures;
}
