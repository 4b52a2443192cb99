import { LANGUAGES, type Language, type Sentence } from './claim-table.ts';
import type { LivedStep } from './live-check.ts';
import { NOUNS, type Noun } from './nouns.ts';

/**
 * Ties a sentence to its proof, so that a sentence made false by a changed number or a negation does
 * not keep the proof of the true one:
 *
 * - its numbers, written in digits, are the numbers of its proof, in both languages;
 * - it has one negation when a part of its proof is turned round by `not`, and else none;
 * - what it sets in code was typed or printed, and is the same in both languages;
 * - it has at least one of these three;
 * - the things it names (`nouns.ts`) are the same in both languages, and those that only some tools
 *   have were typed or printed.
 *
 * It reads words, not meaning: a wrong verb, and a noun wrong in both languages at once, stay unseen
 * when what they name is there as well.
 */
const NUMBER = /(?<![\p{L}\d.])\d+(?:\.\d+)?/gu;

const NUMBER_WORDS: Readonly<Record<Language, RegExp>> = {
  en: /\b(?:two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|hundred|twice|thrice)\b/i,
  ko: /(?<![가-힣])(?:두|세|네|다섯|여섯|일곱|여덟|아홉|열) ?(?:개|번|대|명|가지|줄|초|분)/,
};

const NEGATIONS: Readonly<Record<Language, RegExp>> = {
  en: /\b(?:not|no|never|nothing|none|nobody|neither|nor|without|cannot)\b|n't\b/gi,
  // 잘못 is a mistake, no negation.
  ko: /없|않|(?<!잘)못|아니|아닙/g,
};

/** What is said about a sentence that its proof does not bear; none when it bears all. */
export function faultsOfWording(sentence: Sentence, lived: readonly LivedStep[]): string[] {
  return LANGUAGES.flatMap((language) => [
    ...faultsOfNumbers(sentence, language),
    ...faultsOfNegation(sentence, language),
    ...faultsOfCode(sentence, language, lived),
    ...faultsOfTies(sentence, language),
    ...faultsOfNouns(sentence, language, lived),
  ]);
}

const codeOf = (text: string): string[] =>
  [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);

const proseOf = (text: string): string => text.replace(/`[^`]+`/g, ' ');

/** The numbers a sentence states, in digits and outside code. */
const numbersOf = (text: string): number[] =>
  [...proseOf(text).matchAll(NUMBER)].map(([digits]) => Number(digits));

/** How many negations a sentence has. */
const negationsOf = (text: string, language: Language): number =>
  [...proseOf(text).matchAll(NEGATIONS[language])].length;

function faultsOfNumbers({ text, proof }: Sentence, language: Language): string[] {
  const word = NUMBER_WORDS[language].exec(proseOf(text[language]))?.[0];
  if (word !== undefined) return [`write "${word}" (${language}) in digits, so that it is proved`];
  const stated = numbersOf(text[language]).sort((a, b) => a - b);
  const proved = proof
    .flatMap(({ matcher }) => (matcher.kind === 'number' ? [matcher.value] : []))
    .sort((a, b) => a - b);
  // Nought and one are said in words: "no", "a", "alone".
  const few = (number: number): boolean => number === 0 || number === 1;
  const unproved = without(stated, proved);
  const unstated = without(proved, stated).filter((number) => !few(number));
  return [
    ...unproved.map((number) => `nothing proves the number ${number} (${language})`),
    ...unstated.map((number) => `the number ${number} is proved, but not stated (${language})`),
  ];
}

/** What is left of a list when each of `others` takes one away. */
function without(list: readonly number[], others: readonly number[]): number[] {
  const left = [...list];
  for (const other of others) {
    const at = left.indexOf(other);
    if (at >= 0) left.splice(at, 1);
  }
  return left;
}

function faultsOfNegation({ text, proof }: Sentence, language: Language): string[] {
  const said = negationsOf(text[language], language);
  const due = proof.some(({ not }) => not) ? 1 : 0;
  if (said === due) return [];
  return [`it has ${said} negations (${language}), its proof has ${due}`];
}

function faultsOfCode(
  { text }: Sentence,
  language: Language,
  lived: readonly LivedStep[],
): string[] {
  const code = codeOf(text[language]);
  const unseen = code.filter(
    (one) => !lived.some(({ command, printed }) => `${command}\n${printed}`.includes(one)),
  );
  const twins = LANGUAGES.map((one) => codeOf(text[one]).sort().join('\n'));
  return [
    ...unseen.map((one) => `\`${one}\` (${language}) is neither typed nor printed`),
    ...(new Set(twins).size > 1 ? [`the languages set different words in code`] : []),
  ];
}

function faultsOfTies({ text }: Sentence, language: Language): string[] {
  const said = text[language];
  const ties = [...codeOf(said), ...numbersOf(said)].length + negationsOf(said, language);
  return ties > 0
    ? []
    : [`nothing ties it to its proof: state a number or name a command (${language})`];
}

/** The things a sentence names, in prose. */
const nounsOf = (text: string, language: Language): Noun[] =>
  NOUNS.filter(({ words }) => words[language].test(proseOf(text)));

function faultsOfNouns(
  { text }: Sentence,
  language: Language,
  lived: readonly LivedStep[],
): string[] {
  const [other] = LANGUAGES.filter((one) => one !== language);
  const twin = other === undefined ? [] : nounsOf(text[other], other);
  return nounsOf(text[language], language).flatMap((noun) => {
    const name = noun.name[language];
    const isSeen = lived.some(({ command, printed }) => noun.seen?.test(`${command}\n${printed}`));
    return [
      ...(twin.includes(noun)
        ? []
        : [`"${name}" (${language}) is not named in the other language`]),
      ...(noun.seen === undefined || isSeen
        ? []
        : [`nothing typed or printed shows a ${name} (${language})`]),
    ];
  });
}
