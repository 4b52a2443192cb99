import { parse } from 'yaml';
import source from '../../content/redirects.yaml?raw';

/** Old page id to new page id. The form of the file is checked by build/content-check. */
export const redirects: ReadonlyMap<string, string> = new Map(
  Object.entries((parse(source) ?? {}) as Record<string, string>),
);
