import { CommandReader } from './commands.ts';
import {
  SyntaxFault,
  type AndOrList,
  type CommandNode,
  type CompoundNode,
  type ConditionWord,
  type Redirection,
  type Script,
  type Word,
} from './syntax.ts';
import { WordReader } from './words.ts';

/** Reads compound commands: loops, conditions, groups, functions. */
const CLOSERS = new Set(['then', 'elif', 'else', 'fi', 'do', 'done', 'esac', '}']);
const LIST_ENDS = new Set([')', ';;', ';&', ';;&', 'end']);
const FUNCTION = /[^\s;&|<>()$'"`\\=]+[ \t]*\([ \t]*\)/y;
const NAME_WORD = /[A-Za-z_][A-Za-z0-9_]*(?=[\s;&|<>()]|$)/y;

type Case = Extract<CompoundNode, { kind: 'case' }>['branches'][number];

export abstract class CompoundReader extends CommandReader {
  protected compound(reserved: string | undefined): CommandNode | undefined {
    const { line } = this;
    if (reserved !== undefined && CLOSERS.has(reserved)) this.unexpected();
    const definition = this.matching(FUNCTION);
    if (definition !== undefined && reserved === undefined) {
      this.skip(definition.length);
      return this.#function(definition.replace(/[\s()]/g, ''), line);
    }
    if (reserved === 'function') {
      this.skip(reserved.length);
      this.skipBlanks();
      const name = this.matching(/[^\s;&|<>()]+/y) ?? this.unexpected();
      this.skip(name.length);
      this.skip(this.matching(/[ \t]*\([ \t]*\)/y)?.length ?? 0);
      return this.#function(name, line);
    }
    const node = this.#node(reserved);
    if (!node) return undefined;
    const redirections: Redirection[] = [];
    for (let more = this.redirection(); more; more = this.redirection()) redirections.push(more);
    return { ...node, line, redirections };
  }

  #function(name: string, line: number): CommandNode {
    this.skipNewlines();
    const body = this.command();
    if (body.kind === 'simple') {
      throw new SyntaxFault(line, `syntax error near unexpected token \`${name}'`, name);
    }
    return { kind: 'function', line, name, body };
  }

  #node(reserved: string | undefined): CompoundNode | undefined {
    if (reserved === undefined) return this.#parenthesised();
    switch (reserved) {
      case '{': {
        this.skip(1);
        const body = this.compoundList();
        this.expect('}');
        return { kind: 'group', body };
      }
      case 'if':
        return this.#if();
      case 'while':
      case 'until': {
        this.skip(reserved.length);
        const test = this.compoundList();
        return { kind: 'while', until: reserved === 'until', test, body: this.#doGroup() };
      }
      case 'for':
        return this.#for();
      case 'case':
        return this.#case();
      case '[[':
        return this.#conditional();
      default:
        return undefined;
    }
  }

  #parenthesised(): CompoundNode | undefined {
    if (this.peek() !== '(') return undefined;
    if (this.startsWith('((')) {
      const { at, line } = this;
      const expression = this.arithmetic(2);
      if (expression) return { kind: 'arithmetic', expression };
      this.at = at;
      this.line = line;
    }
    this.skip(1);
    const body = this.compoundList();
    if (this.peek() !== ')') this.unexpected();
    this.skip(1);
    return { kind: 'subshell', body };
  }

  /** Lists up to a word or an operator that ends them. */
  protected compoundList(needed = true): Script {
    const lists: AndOrList[] = [];
    for (;;) {
      this.skipNewlines();
      const reserved = this.reserved();
      if (reserved !== undefined && CLOSERS.has(reserved)) break;
      if (LIST_ENDS.has(this.peek() ?? '')) break;
      const list = this.list();
      lists.push(list);
      const after = this.peek();
      if (after === ';' && !list.background) this.takeOperator();
      else if (after !== 'newline' && !LIST_ENDS.has(after ?? '') && !list.background) {
        this.unexpected();
      }
    }
    if (needed && lists.length === 0) this.unexpected();
    return { lists };
  }

  protected hereText(text: string, line: number): Word {
    const reader = new InnerReader(text, line);
    reader.adopt(this);
    return WordReader.hereDocument(reader);
  }

  substitutions() {
    return { apart: this.apart };
  }

  #doGroup(): Script {
    this.skipNewlines();
    if (this.peek() === ';') this.takeOperator();
    this.skipNewlines();
    this.expect('do');
    const body = this.compoundList();
    this.expect('done');
    return body;
  }

  #if(): CompoundNode {
    const branches: { test: Script; body: Script }[] = [];
    let word = 'if';
    while (word === 'if' || word === 'elif') {
      this.expect(word);
      const test = this.compoundList();
      this.expect('then');
      branches.push({ test, body: this.compoundList() });
      word = this.reserved() ?? this.unexpected();
    }
    let otherwise: Script | undefined;
    if (word === 'else') {
      this.expect('else');
      otherwise = this.compoundList();
    }
    this.expect('fi');
    return otherwise ? { kind: 'if', branches, otherwise } : { kind: 'if', branches };
  }

  #for(): CompoundNode {
    this.skip('for'.length);
    this.skipBlanks();
    if (this.startsWith('((')) return this.#count();
    const name = this.matching(NAME_WORD) ?? this.unexpected();
    this.skip(name.length);
    this.skipNewlines();
    let words: Word[] | undefined;
    if (this.reserved() === 'in') {
      this.skip('in'.length);
      words = [];
      while (this.peek() === undefined) words.push(this.word());
      if (this.peek() !== ';' && this.peek() !== 'newline') this.unexpected();
    }
    const body = this.#doGroup();
    return words ? { kind: 'for', name, words, body } : { kind: 'for', name, body };
  }

  #count(): CompoundNode {
    this.skip(2);
    const expressions: Word[] = [];
    for (const end of [';', ';', '))']) {
      const expression = this.until(end) ?? this.unmatched(')');
      this.skip(end.length);
      expressions.push(expression);
    }
    const [first = [], test = [], next = []] = expressions;
    return { kind: 'count', first, test, next, body: this.#doGroup() };
  }

  #case(): CompoundNode {
    this.skip('case'.length);
    if (this.peek() !== undefined) this.unexpected();
    const subject = this.word();
    this.skipNewlines();
    this.expect('in');
    const branches: Case[] = [];
    const closes = (): boolean => {
      this.skipNewlines();
      return this.reserved() === 'esac';
    };
    while (!closes()) {
      if (this.peek() === '(') this.takeOperator();
      const patterns: Word[] = [];
      for (;;) {
        if (this.peek() !== undefined) this.unexpected();
        patterns.push(this.word());
        const sign = this.peek();
        if (sign !== '|' && sign !== ')') this.unexpected();
        this.takeOperator();
        if (sign === ')') break;
      }
      const body = this.compoundList(false);
      const end = this.peek();
      if (end !== ';;' && end !== ';&' && end !== ';;&') {
        if (this.reserved() !== 'esac') this.unexpected();
        branches.push({ patterns, body, end: ';;' });
        break;
      }
      this.takeOperator();
      branches.push({ patterns, body, end });
    }
    this.expect('esac');
    return { kind: 'case', subject, branches };
  }

  #conditional(): CompoundNode {
    this.skip(2);
    const words: ConditionWord[] = [];
    let isPattern = false;
    for (;;) {
      this.skipNewlines();
      const operator = isPattern ? undefined : this.peek();
      if (operator !== undefined) {
        if (!['&&', '||', '(', ')', '<', '>'].includes(operator)) this.unexpected();
        this.takeOperator();
        words.push({ operator });
        continue;
      }
      const sign = this.matching(/(?:\]\]|!)(?=[\s;&|<>()]|$)/y);
      if (sign !== undefined) {
        this.skip(sign.length);
        if (sign === ']]') return { kind: 'conditional', words };
        words.push({ operator: '!' });
        continue;
      }
      const { at } = this;
      const word = isPattern ? this.#regularExpression() : this.word();
      if (this.at === at) this.unexpected();
      words.push({ word });
      isPattern = this.text.slice(at, this.at) === '=~';
      if (isPattern) this.skipBlanks();
    }
  }

  /** A word in which parentheses and bars are nothing but letters. */
  #regularExpression(): Word {
    const parts = [...this.word()];
    for (;;) {
      const sign = this.matching(/[()|<>&;]/y);
      if (sign === undefined) return parts;
      this.skip(1);
      parts.push({ kind: 'text', text: sign, quoted: false }, ...this.word());
    }
  }
}

/** Reads the text of a here-document, in which commands may stand. */
class InnerReader extends CompoundReader {
  adopt(outer: CompoundReader): void {
    this.nested = () => this.compoundList(false);
    this.apart = outer.substitutions().apart;
  }
}
