/**
 * Forms of names and what the server says of a text that breaks them
 * (staging/src/k8s.io/apimachinery/pkg/util/validation/validation.go and
 * pkg/api/validate/content, v1.36). Each gives the list of what is wrong, empty when nothing is.
 */
export type NameRule = (text: string) => readonly string[];

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const UNDERSCORED = '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
const UNDERSCORED_SUBDOMAIN = `${UNDERSCORED}(\\.${UNDERSCORED})*`;
const LABEL_1035 = '[a-z]([-a-z0-9]*[a-z0-9])?';
const KEY_NAME = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const LABEL_VALUE = `(${KEY_NAME})?`;
const WILDCARD = `\\*\\.${SUBDOMAIN}`;
const PERCENT = '[0-9]+%';
const CONFIG_KEY = '[-._a-zA-Z0-9]+';
const HEADER = '[-A-Za-z0-9]+';
const HTTP_PATH = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";

const whole = (form: string): RegExp => new RegExp(`^${form}$`);

const FORMS = {
  label: whole(LABEL),
  subdomain: whole(SUBDOMAIN),
  underscoredSubdomain: whole(UNDERSCORED_SUBDOMAIN),
  label1035: whole(LABEL_1035),
  keyName: whole(KEY_NAME),
  labelValue: whole(LABEL_VALUE),
  wildcard: whole(WILDCARD),
  percent: whole(PERCENT),
  configKey: whole(CONFIG_KEY),
  header: whole(HEADER),
  httpPath: whole(HTTP_PATH),
};

/** `… (e.g. 'a',  or 'b', regex used for validation is '…')`, blanks and all. */
function formMessage(rule: string, form: string, ...examples: string[]): string {
  const regex = `regex used for validation is '${form}')`;
  if (examples.length === 0) return `${rule} (${regex}`;
  return `${rule} (e.g. ${examples.map((example) => `'${example}', `).join(' or ')}${regex}`;
}

const LABEL_MESSAGE = formMessage(
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must " +
    'start and end with an alphanumeric character',
  LABEL,
  'my-name',
  '123-abc',
);
const SUBDOMAIN_MESSAGE = formMessage(
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', " +
    'and must start and end with an alphanumeric character',
  SUBDOMAIN,
  'example.com',
);
const LABEL_1035_MESSAGE = formMessage(
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an " +
    'alphabetic character, and end with an alphanumeric character',
  LABEL_1035,
  'my-name',
  'abc-123',
);
const KEY_NAME_MESSAGE = formMessage(
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an " +
    'alphanumeric character',
  KEY_NAME,
  'MyName',
  'my.name',
  '123-abc',
);
const LABEL_VALUE_MESSAGE = formMessage(
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', " +
    'and must start and end with an alphanumeric character',
  LABEL_VALUE,
  'MyValue',
  'my_value',
  '12345',
);

const bytes = (text: string): number => new TextEncoder().encode(text).length;
const longerThan = (text: string, max: number): boolean =>
  text.length > max / 4 && bytes(text) > max;
const tooManyBytes = (max: number): string => `must be no more than ${max} bytes`;
const tooManyCharacters = (max: number): string => `must be no more than ${max} characters`;

/** A DNS label: `web-1`. */
export const dnsLabel: NameRule = (text) => {
  const wrong = longerThan(text, 63) ? [tooManyCharacters(63)] : [];
  if (FORMS.label.test(text)) return wrong;
  return [...wrong, FORMS.subdomain.test(text) ? 'must not contain dots' : LABEL_MESSAGE];
};

/** A DNS subdomain: `web.example.com`. */
export const dnsSubdomain: NameRule = (text) => {
  const wrong = longerThan(text, 253) ? [tooManyCharacters(253)] : [];
  return FORMS.subdomain.test(text) ? wrong : [...wrong, SUBDOMAIN_MESSAGE];
};

/** A DNS subdomain with underscores, as in search domains. */
export const underscoredSubdomain: NameRule = (text) => {
  const wrong = longerThan(text, 253) ? [tooManyCharacters(253)] : [];
  if (FORMS.underscoredSubdomain.test(text)) return wrong;
  const rule =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' " +
    "or '.', and must start and end with an alphanumeric character";
  return [...wrong, formMessage(rule, UNDERSCORED_SUBDOMAIN, 'example.com')];
};

/** A label that starts with a letter, as names of Services are. */
export const dns1035Label: NameRule = (text) => {
  const wrong = longerThan(text, 63) ? [tooManyCharacters(63)] : [];
  return FORMS.label1035.test(text) ? wrong : [...wrong, LABEL_1035_MESSAGE];
};

/** `*.example.com`. */
export const wildcardSubdomain: NameRule = (text) => {
  const wrong = longerThan(text, 253) ? [tooManyCharacters(253)] : [];
  if (FORMS.wildcard.test(text)) return wrong;
  const rule =
    "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which " +
    "must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric " +
    'character';
  return [...wrong, formMessage(rule, WILDCARD, '*.example.com')];
};

/** The key of a label or annotation: `app`, `example.com/tier`. */
export const labelKey: NameRule = (text) => {
  const parts = text.split('/');
  if (parts.length > 2) {
    const tail = " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
    return [`a valid label key ${KEY_NAME_MESSAGE}${tail}`];
  }
  const name = parts.at(-1) ?? '';
  const wrong: string[] = [];
  if (parts.length === 2) {
    const [prefix = ''] = parts;
    if (prefix === '') wrong.push('prefix part must be non-empty');
    else wrong.push(...contentSubdomain(prefix).map((message) => `prefix part ${message}`));
  }
  if (name === '') wrong.push('name part must be non-empty');
  else if (longerThan(name, 63)) wrong.push(`name part ${tooManyBytes(63)}`);
  if (!FORMS.keyName.test(name)) wrong.push(`name part ${KEY_NAME_MESSAGE}`);
  return wrong;
};

function contentSubdomain(text: string): string[] {
  const wrong = longerThan(text, 253) ? [tooManyBytes(253)] : [];
  return FORMS.subdomain.test(text) ? wrong : [...wrong, SUBDOMAIN_MESSAGE];
}

export const labelValue: NameRule = (text) => {
  const wrong = longerThan(text, 63) ? [tooManyBytes(63)] : [];
  return FORMS.labelValue.test(text) ? wrong : [...wrong, LABEL_VALUE_MESSAGE];
};

/** The name of a port: at most 15 of `a-z`, `0-9` and `-`, one letter at least. */
export const portName: NameRule = (text) => {
  const wrong: string[] = [];
  if (bytes(text) > 15) wrong.push(tooManyCharacters(15));
  if (!/^[-a-z0-9]+$/.test(text)) {
    wrong.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  }
  if (!/[a-z]/.test(text)) wrong.push('must contain at least one letter (a-z)');
  if (text.includes('--')) wrong.push('must not contain consecutive hyphens');
  if (text.startsWith('-') || text.endsWith('-')) {
    wrong.push('must not begin or end with a hyphen');
  }
  return wrong;
};

/** What is wrong with a number that has to lie in a range. */
export const inRange = (value: number, low: number, high: number): readonly string[] =>
  value >= low && value <= high ? [] : [`must be between ${low} and ${high}, inclusive`];

export const portNumber = (port: number): readonly string[] => inRange(port, 1, 65_535);
export const userId = (id: number): readonly string[] => inRange(id, 0, 2_147_483_647);

export const percent: NameRule = (text) =>
  FORMS.percent.test(text)
    ? []
    : [
        formMessage(
          "a valid percent string must be a numeric string followed by an ending '%'",
          PERCENT,
          '1%',
          '93%',
        ),
      ];

export const headerName: NameRule = (text) =>
  FORMS.header.test(text)
    ? []
    : [
        formMessage(
          "a valid HTTP header must consist of alphanumeric characters or '-'",
          HEADER,
          'X-Header-Name',
        ),
      ];

/** The name of an environment variable: any printable ASCII but `=`. */
export const variableName: NameRule = (text) => {
  if (text === '') return ['environment variable name must be non-empty'];
  if (/^[\x20-\x3c\x3e-\x7e]*$/.test(text)) return [];
  return [
    'a valid environment variable name must consist only of printable ASCII characters other ' +
      "than '='",
  ];
};

/** A key in a ConfigMap or Secret. */
export const configKey: NameRule = (text) => {
  const wrong = longerThan(text, 253) ? [tooManyCharacters(253)] : [];
  if (!FORMS.configKey.test(text)) {
    const rule = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'";
    wrong.push(formMessage(rule, CONFIG_KEY, 'key.name', 'KEY_NAME', 'key-name'));
  }
  return [...wrong, ...dotsAsPath(text)];
};

function dotsAsPath(text: string): string[] {
  if (text === '.') return ["must not be '.'"];
  if (text === '..') return ["must not be '..'"];
  return text.startsWith('..') ? ["must not start with '..'"] : [];
}

/** A name that can stand in the path of a request. */
export const pathSegment: NameRule = (text) => {
  if (text === '.' || text === '..') return [`may not be '${text}'`];
  return ['/', '%']
    .filter((sign) => text.includes(sign))
    .map((sign) => `may not contain '${sign}'`);
};

export const isHttpPath = (text: string): boolean => FORMS.httpPath.test(text);
export const HTTP_PATH_MESSAGE = formMessage('Invalid path', HTTP_PATH);
