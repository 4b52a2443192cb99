/**
 * Korean particles and endings that a query carries behind a noun. They are stripped only from
 * what the glossary does not know: stripping everywhere would break 오버레이 or 데몬.
 */

/** Longest first, so that 에서는 is tried before 는. */
const PARTICLES = (
  '이란무엇인가 란무엇인가 이란 란 에서는 에서의 에서도 으로는 으로의 으로도 로는 로의 에게서 에게 에는 에도 에서 ' +
  '까지 부터 마다 보다 처럼 만큼 이라는 라는 이라고 라고 이나 에 의 을 를 이 가 은 는 과 와 도 만 으로 로 ' +
  '하기 하는 하면 하려면 하고 한다 합니다 했을 해서 해 되나 되는 되면 된다 됩니다 돼 시키기 시 때 들은 들이 들을 들'
)
  .split(' ')
  .sort((a, b) => b.length - a.length || (a < b ? -1 : 1));

const KNOWN = new Set(PARTICLES);

export function isParticle(text: string): boolean {
  return KNOWN.has(text);
}

/**
 * The word and what is left after taking one particle, or two, from its end; the whole word
 * first. What is left has at least two syllables.
 */
export function stemsOf(word: string): string[] {
  const stems = [word];
  for (let round = 0; round < 2; round += 1) {
    const last = stems.at(-1)!;
    const particle = PARTICLES.find((one) => last.endsWith(one) && last.length - one.length >= 2);
    if (!particle) break;
    stems.push(last.slice(0, -particle.length));
  }
  return stems;
}

/** Words of questions that tell nothing of the subject. */
const EMPTY = new Set(
  (
    '무엇 무엇인가 무엇인가요 뭐 뭐야 뭔가요 뭘까 어떻게 어떤 왜 언제 어디 되나 되나요 되는지 하나 하나요 하는 하는지 ' +
    '있나 있나요 있는 방법 법 수 것 그 이 저 및 또는 그리고 좀 돌아가나 ' +
    'a an the is are was be do does did of to in on for and or my i it how what why when which can vs versus with by not'
  ).split(' '),
);

export function isEmptyWord(word: string): boolean {
  return EMPTY.has(word);
}
