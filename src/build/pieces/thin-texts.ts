/**
 * Texts of command lines that only their help shows, apart from the data that commands need: what is
 * said of flags, longer explanations, examples. Each leaves a key; `wholeText` gives it back.
 */
export interface ThinTexts {
  /** What stands for a module that was made thin, by its path. */
  readonly modules: ReadonlyMap<string, string>;
  /** What `engine/sim/whole-text.ts` becomes. */
  readonly texts: string;
}

/** Fields of a command's description that hold flags, and those that hold plain texts. */
const FLAGS = ['flags', 'hidden'];
const WORDS = ['long', 'examples'];

/** A flag of docker: its letter, name and type, and what is said of it. */
const DOCKER = /^(\s*(?:-\w, )?--[\w-]+(?: \S+)?)(?: {2,}(.*))?$/;
/** A flag of kubectl, with its value when it is not given. */
const KUBECTL = /^((?:-\w, )?--[\w-]+ \w+=[^\n]*?: )(.*)$/;

/** @param modules what the modules export, by path: data only */
export function thinTexts(
  modules: ReadonlyMap<string, Readonly<Record<string, unknown>>>,
): ThinTexts {
  const texts = new Map<string, string>();
  const keyOf = (short: string, whole: string): string => {
    // Blank lines at the end say nothing, and tell two texts apart.
    let key = short;
    while ((texts.get(key) ?? whole) !== whole) key += '\n';
    if (key !== whole) texts.set(key, whole);
    return key;
  };
  const thin = (value: unknown, field: string): unknown => {
    if (typeof value === 'string') {
      if (FLAGS.includes(field) || field.endsWith('FLAGS')) return keyOf(thinFlags(value), value);
      return WORDS.includes(field) ? keyOf(`…${texts.size}`, value) : value;
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, thin(one, name)]));
  };
  const sources = [...modules].map(([path, exports]) => {
    const lines = Object.entries(exports).map(
      ([name, value]) => `export const ${name} = ${JSON.stringify(thin(value, name))};`,
    );
    return [path, lines.join('\n')] as const;
  });
  const table = JSON.stringify([...texts]);
  return {
    modules: new Map(sources),
    texts: `const TEXTS = new Map(${table});\nexport const wholeText = (text) => TEXTS.get(text) ?? text;\n`,
  };
}

/** A block of flags without what is said of them, but for what is said when one is used. */
function thinFlags(block: string): string {
  const lines: string[] = [];
  let isKept = false;
  for (const line of block.split('\n')) {
    if (/^\s*[|>]( |$)/.test(line)) {
      if (isKept) lines.push(line);
      continue;
    }
    const kubectl = KUBECTL.exec(line);
    const [, head, said] = kubectl ?? DOCKER.exec(line) ?? [];
    isKept = head === undefined || said?.startsWith('!') === true;
    // One of kubectl's without any words would be none.
    lines.push(isKept ? line : `${head}${kubectl ? '…' : ''}`);
  }
  return lines.map((line) => line.trimStart()).join('\n');
}
