import files from './one-app.json' with { type: 'json' };

/**
 * The application of the comparison, its files by their paths: web, API, Redis and a database, with
 * what each platform is told to run them. Made by `npm run one-app:update` from
 * src/scenarios/compare/one-app/files.
 */
export const ONE_APP: Readonly<Record<string, string>> = files;
