import {
  LANGUAGES,
  type Assertion,
  type ClaimCell,
  type Language,
  type Matcher,
  type Sentence,
} from '../../src/scenarios/claims/claim-table.ts';

/** A cell with one thing wrong in it. */
export interface Falsehood {
  readonly name: string;
  readonly cell: ClaimCell;
}

/** What is printed nowhere. */
const NOWHERE = '-zqx';

/**
 * Every way to make a cell false that its proof must tell: in each language of each sentence a number
 * changed, a negation put in or taken out, a name in code misspelt; and in each part of a proof the
 * condition turned round, its number changed, its text misspelt.
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
  return [['negation', turned], ...changed];
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
