/** Mermaid's parser in Node, for the one question whether a source is valid. */
import DOMPurify from 'dompurify';
import { normaliseSource } from './figure-source.ts';

export interface SyntaxFault {
  /** Line in the fence, from 1. */
  readonly line: number;
  readonly message: string;
}

interface Parser {
  parse(text: string): Promise<unknown>;
}

let parser: Promise<Parser> | undefined;

async function loadParser(): Promise<Parser> {
  // Mermaid sanitizes labels while it parses, which needs a document. Nothing is shown here.
  Object.assign(DOMPurify, { addHook: () => undefined, sanitize: (text: string) => text });
  const { default: mermaid } = await import('mermaid');
  return mermaid;
}

/** The first mistake in a fence, or `null` when Mermaid can read it. */
export async function findSyntaxFault(fence: string): Promise<SyntaxFault | null> {
  const source = normaliseSource(fence);
  const mermaid = await (parser ??= loadParser());
  try {
    await mermaid.parse(source.text);
    return null;
  } catch (error) {
    return syntaxFault(error instanceof Error ? error.message : String(error), source.lines);
  }
}

/** Mermaid's message with the line it names turned into a line of the fence. */
export function syntaxFault(message: string, lines: readonly number[]): SyntaxFault {
  const told = Number(/line:? (\d+)/.exec(message)?.[1] ?? 1);
  const at = Math.min(Math.max(told, 1), lines.length);
  return { line: lines[at - 1] ?? 1, message: message.replace(/\s*\n\s*/g, ' ').trim() };
}
