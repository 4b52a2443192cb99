/**
 * The application of the comparison as every platform has it: its images, what its files say at first
 * and what they are changed to, and lines that change them.
 */
export const GREETING = { before: 'Welcome aboard', after: 'Ahoy' } as const;
export const PASSWORD = { before: 'correct-horse-battery-staple', after: 'tr0ub4dor' } as const;

/** The reference of one of its images: `web`, `api` or `db`. */
export const image = (part: string, version = '1.0'): string =>
  `registry.local:5000/bookshelf-${part}:${version}`;

/** Typed once, at the workstation, whatever runs the images. */
export const IMAGES: readonly string[] = [
  ...['web', 'api', 'db'].map((part) => `docker build -q -t ${image(part)} ${part}`),
  `docker build -q -t ${image('api', '1.1')} --build-arg VERSION=1.1 api`,
  `docker build -q -t ${image('api', '2.0')} --build-arg VERSION=2.0 ` +
    '--build-arg HEALTH_FAILS_AFTER_MS=0 api',
  ...['web', 'api', 'db'].map((part) => `docker push -q ${image(part)}`),
  ...['1.1', '2.0'].map((version) => `docker push -q ${image('api', version)}`),
];

/** Puts another version of the API into a file of a platform. */
export const setVersion = (file: string, version: string): string =>
  `sed -i 's|bookshelf-api:[0-9.]*|bookshelf-api:${version}|' ${file}`;

/** Run in the container of the database. */
export const setPassword = (password: string): string =>
  `psql -U bookshelf -c "alter user bookshelf password '${password}'"`;
/** In the application's folder, where its files are mounted from or read again. */
export const writeGreeting = (text: string): string => `echo ${text} > config/greeting.txt`;
export const writePassword = (text: string): string => `echo ${text} > config/db_password.txt`;
