import {
  LANGUAGES,
  type Assertion,
  type ClaimCell,
  type Language,
  type Matcher,
  type Sentence,
} from '../../src/scenarios/claims/claim-table.ts';
import { NOUNS } from '../../src/scenarios/claims/nouns.ts';

/** A cell with one thing wrong in it. */
export interface Falsehood {
  readonly name: string;
  readonly cell: ClaimCell;
}

/** What is printed nowhere. */
const NOWHERE = '-zqx';

/**
 * Every way to make a cell false that its proof must tell: in each language of each sentence a number
 * changed, a negation put in or taken out, a name in code misspelt, a thing taken for another; and in
 * each part of a proof the condition turned round, its number changed, its text misspelt.
 *
 * @param by how much numbers are changed
 */
export function falsehoodsOf(cell: ClaimCell, by: number): readonly Falsehood[] {
  return cell.says.flatMap((sentence, at) => {
    const replaced = (other: Sentence): ClaimCell => ({
      ...cell,
      says: cell.says.map((one, i) => (i === at ? other : one)),
    });
    const ofText = LANGUAGES.flatMap((language) =>
      falseTexts(sentence.text[language], language, by).map(([name, text]) => ({
        name: `${cell.id}[${at}].${language}: ${name}`,
        cell: replaced({ ...sentence, text: { ...sentence.text, [language]: text } }),
      })),
    );
    const ofProof = sentence.proof.flatMap((assertion, i) =>
      falseAssertions(assertion, by).map(([name, other]) => ({
        name: `${cell.id}[${at}].proof[${i}]: ${name}`,
        cell: replaced({
          ...sentence,
          proof: sentence.proof.map((one, j) => (j === i ? other : one)),
        }),
      })),
    );
    return [...ofText, ...ofProof];
  });
}

const NEGATED: Readonly<Record<Language, readonly [pattern: RegExp, inserted: string]>> = {
  en: [/\b(?:not|no|never|nothing|cannot)\b ?/i, 'It is not so: '],
  ko: [/없|않|(?<!잘)못/, '그렇지 않습니다. '],
};

function falseTexts(text: string, language: Language, by: number): [name: string, text: string][] {
  const [negation, inserted] = NEGATED[language];
  const turned = negation.test(text) ? text.replace(negation, '') : inserted + text;
  const parts = text.split(/(`[^`]+`|(?<![\p{L}\d.])\d+)/u);
  const changed = parts.flatMap((part, i): [string, string][] => {
    const replaced = (other: string): string => parts.with(i, other).join('');
    if (part.startsWith('`')) return [[part, replaced(`${part.slice(0, -1)}${NOWHERE}\``)]];
    return /^\d+$/.test(part) ? [[`number ${i}`, replaced(String(Number(part) + by))]] : [];
  });
  return [['negation', turned], ...changed, ...takenForAnother(text, language, by)];
}

/** Each thing of a sentence called by the name of another one, throughout. */
function takenForAnother(text: string, language: Language, by: number): [string, string][] {
  return NOUNS.flatMap((noun, i): [string, string][] => {
    const word = new RegExp(noun.words[language], 'g');
    const other = NOUNS[(i + 1 + (by % (NOUNS.length - 1))) % NOUNS.length]?.name[language] ?? '';
    const parts = text.split(/(`[^`]+`)/);
    const swapped = parts.map((part) => (part.startsWith('`') ? part : part.replace(word, other)));
    return swapped.join('') === text ? [] : [[`${noun.name.en} for another`, swapped.join('')]];
  });
}

/**
 * What one cell says, put into another: all its sentences with what they are to be proved by, or
 * only their words, in the place of the words that stand there.
 */
export function swapsOf(cell: ClaimCell, other: ClaimCell): Record<'says' | 'words', ClaimCell> {
  const words = cell.says.map((sentence, i) => ({
    ...sentence,
    text: (other.says[i % other.says.length] ?? sentence).text,
  }));
  return { says: { ...cell, says: other.says }, words: { ...cell, says: words } };
}

function falseAssertions(assertion: Assertion, by: number): [name: string, other: Assertion][] {
  const matcher = falseMatcher(assertion.matcher, by);
  const turned: [string, Assertion] = ['turned round', { ...assertion, not: !assertion.not }];
  return matcher ? [turned, ['changed', { ...assertion, matcher }]] : [turned];
}

/** The same with what it looks for changed; undefined where a change need not make it false. */
function falseMatcher(matcher: Matcher, by: number): Matcher | undefined {
  switch (matcher.kind) {
    case 'contains':
    case 'prints':
    case 'matches':
      return { ...matcher, text: matcher.text + NOWHERE };
    case 'order':
      return { ...matcher, texts: matcher.texts.toReversed() };
    case 'exit':
      return { ...matcher, succeeds: !matcher.succeeds };
    case 'number':
      return matcher.relation === 'is' ? { ...matcher, value: matcher.value + by } : undefined;
    case 'compare':
      return undefined;
  }
}
