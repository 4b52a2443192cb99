import { NO_ALIASES, type Aliases } from './aliases.ts';
import { CompoundReader } from './compounds.ts';
import { SyntaxFault, type AndOrList, type Script } from './syntax.ts';

/**
 * Reads a script one complete command at a time, as shells do: what stands before a mistake runs.
 */
export class Parser extends CompoundReader {
  constructor(text: string, line = 1, aliases: Aliases = NO_ALIASES) {
    super(text, line, aliases);
    this.nested = () => this.compoundList(false);
    this.apart = (inner, at) => parseAll(inner, at, aliases);
  }

  get isAtEnd(): boolean {
    this.skipNewlines();
    return this.peek() === 'end';
  }

  /** The commands up to the end of the next line that has any; undefined at the end of the text. */
  next(): readonly AndOrList[] | undefined {
    this.skipNewlines();
    if (this.peek() === 'end') return undefined;
    const lists: AndOrList[] = [];
    for (;;) {
      const list = this.list();
      lists.push(list);
      const ends = this.peek() === ';' && !list.background;
      if (ends) this.takeOperator();
      const after = this.peek();
      if (after === 'newline') {
        this.takeNewline();
        return lists;
      }
      if (after === 'end') {
        this.finish();
        return lists;
      }
      // Behind `fi` or `)` a further word is no command of its own.
      if (!ends && !list.background) this.unexpected();
      if (after !== undefined && after !== '(' && !isRedirection(after)) this.unexpected();
    }
  }
}

const isRedirection = (operator: string): boolean => /[<>]/.test(operator);

/** The whole of a text: what `eval`, `.` and backticks run. Throws a {@link SyntaxFault}. */
export function parseAll(text: string, line = 1, aliases: Aliases = NO_ALIASES): Script {
  const parser = new Parser(text, line, aliases);
  const lists: AndOrList[] = [];
  for (let more = parser.next(); more; more = parser.next()) lists.push(...more);
  return { lists };
}

/** Whether a text could become a script when more is typed behind it. */
export function isIncomplete(text: string): boolean {
  const parser = new Parser(text);
  try {
    while (parser.next());
    return parser.isOpen;
  } catch (fault) {
    if (!(fault instanceof SyntaxFault)) throw fault;
    return fault.incomplete;
  }
}
