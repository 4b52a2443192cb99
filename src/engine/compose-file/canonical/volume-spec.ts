import { fail } from '../failure.ts';
import type { BindOptions, Mount } from '../service-attachments.ts';

const PROPAGATIONS = ['rprivate', 'private', 'rshared', 'shared', 'rslave', 'slave'];
const SELINUX = ['z', 'Z'];

type Draft = { -readonly [K in keyof Mount]: Mount[K] } & { bind?: BindOptions };

/**
 * What `SOURCE:TARGET:OPTIONS` stands for (compose-go v2.13 `format/volume.go`): a bind where the source
 * is a path, else a volume. Fails with upstream's words on what is empty or has too many sections.
 */
export function parseVolume(spec: string): Mount {
  if (spec === '') fail('invalid empty volume spec');
  if (spec.length <= 2) return { type: 'volume', target: spec };
  const draft: Draft = { type: 'volume' };
  const sections = split(spec);
  for (const [index, section] of sections.entries()) {
    const problem = take(draft, section, index === sections.length - 1);
    if (problem !== undefined) fail(`invalid spec: ${spec}: ${problem}`);
  }
  if (isFilePath(draft.source ?? '')) {
    return { ...draft, type: 'bind', bind: { ...draft.bind, create_host_path: true } };
  }
  return { ...draft, type: 'volume', volume: draft.volume ?? {} };
}

/** Sections between colons; a colon of a drive letter or within `${…}` divides nothing. */
function split(spec: string): string[] {
  const sections: string[] = [];
  let section = '';
  let depth = 0;
  for (const [at, char] of [...spec].entries()) {
    if (char === '$' && spec[at + 1] === '{') depth += 1;
    else if (char === '}' && depth > 0) depth -= 1;
    const divides = char === ':' && depth === 0 && !/^\p{L}$/u.test(section);
    if (!divides) {
      section += char;
      continue;
    }
    sections.push(section);
    section = '';
  }
  return [...sections, section];
}

/** Puts a section where it belongs; gives what is wrong with it. */
function take(draft: Draft, section: string, last: boolean): string | undefined {
  if (section === '') return 'empty section between colons';
  if (draft.source === undefined && last) draft.target = section;
  else if (draft.source === undefined) draft.source = section;
  else if (draft.target === undefined) draft.target = section;
  else if (!last) return 'too many colons';
  else for (const option of section.split(',')) takeOption(draft, option);
  return undefined;
}

/** An option that nobody knows is passed over, as upstream does. */
function takeOption(draft: Draft, option: string): void {
  if (option === 'ro') draft.read_only = true;
  else if (option === 'rw') draft.read_only = false;
  else if (option === 'nocopy') draft.volume = { nocopy: true };
  else if (PROPAGATIONS.includes(option)) draft.bind = { ...draft.bind, propagation: option };
  else if (SELINUX.includes(option)) draft.bind = { ...draft.bind, selinux: option };
}

const isFilePath = (source: string): boolean =>
  /^[./~]/.test(source) || source.startsWith('\\\\') || /^\p{L}:/u.test(source);
