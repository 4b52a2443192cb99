import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { describeFault } from '../../src/build/authoring-error.ts';
import { faultsOf } from '../../src/build/content-check/content-check.ts';

let root: string;

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function told(): readonly string[] {
  return faultsOf(root).map((fault) => describeFault(fault, root));
}

const navigation = `- id: images
  symbol: image
  title: { ko: 이미지, en: Images }
  description: { ko: 이미지, en: Images }
  pages: [push]
`;

const page = (title: string) => `---
title: ${title}
---

${title}.

## ${title} [#one]

\`\`\`mermaid figure=push-flow
flowchart LR
  a --> b
\`\`\`

### ${title} [#two]
`;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'drydock-content-'));
  write('content/navigation.yaml', navigation);
  write('content/redirects.yaml', '{}\n');
  write('content/docs/ko/images/push.mdx', page('올리기'));
  write('content/docs/en/images/push.mdx', page('Push'));
});

afterEach(() => rmSync(root, { recursive: true }));

test('content without a fault has none', () => {
  expect(told()).toEqual([]);
});

describe('twins', () => {
  test('a page in one language only', () => {
    rmSync(join(root, 'content/docs/en/images/push.mdx'));
    expect(told()).toEqual([
      'content/docs/ko/images/push.mdx:1: The page "images/push" has no twin. ' +
        'Write content/docs/en/images/push.mdx with the same headings and figures.',
    ]);
  });

  test('a heading in one language only', () => {
    const text = page('Push').replace('### Push [#two]', '');
    write('content/docs/en/images/push.mdx', text);
    expect(told()).toEqual([
      'content/docs/ko/images/push.mdx:14: The heading "### two" has no twin in ' +
        'content/docs/en/images/push.mdx. Write it there with the same id, or remove it here.',
    ]);
  });

  test('a heading without an id', () => {
    write('content/docs/en/images/push.mdx', page('Push').replace(' [#two]', ''));
    expect(told()[0]).toBe(
      'content/docs/en/images/push.mdx:14: The heading "Push" has no id. ' +
        'End it with [#id], the same in both languages.',
    );
  });

  test('a heading of another depth', () => {
    write('content/docs/en/images/push.mdx', page('Push').replace('### Push', '## Push'));
    expect(told().join()).toContain('push.mdx:14: The heading "### two" has no twin');
  });

  test('headings in another order', () => {
    const text = page('Push').replace('[#one]', '[#three]').replace('### Push [#two]', '');
    write('content/docs/en/images/push.mdx', `${text}\n### Push [#two]\n\n## Push [#one]\n`);
    write('content/docs/ko/images/push.mdx', `${page('올리기')}\n## 올리기 [#three]\n`);
    expect(told().join()).toMatch(/ko\/images\/push\.mdx:7: .* stands where .*en.*push\.mdx:7 has/);
  });

  test('a figure in one language only', () => {
    write('content/docs/en/images/push.mdx', page('Push').replace('push-flow', 'other-flow'));
    expect(told()).toEqual([
      'content/docs/ko/images/push.mdx:9: The figure "push-flow" has no twin in ' +
        'content/docs/en/images/push.mdx. Write it there with the same id, or remove it here.',
    ]);
  });

  test('a figure id that is also a heading of its page', () => {
    for (const locale of ['ko', 'en']) {
      const text = page('Push').replace('push-flow', 'one');
      write(`content/docs/${locale}/images/push.mdx`, text);
    }
    expect(told().join('\n')).toContain(
      'ko/images/push.mdx:9: The figure id "one" is also the id of a heading of this page.',
    );
  });

  test('a figure id used on two pages', () => {
    write('content/navigation.yaml', navigation.replace('[push]', '[push, pull]'));
    write('content/docs/ko/images/pull.mdx', page('내려받기'));
    write('content/docs/en/images/pull.mdx', page('Pull'));
    expect(told().join('\n')).toContain(
      'ko/images/push.mdx:9: The figure id "push-flow" is taken by content/docs/ko/images/pull.mdx.',
    );
  });
});

describe('navigation', () => {
  test('a listed page that does not exist', () => {
    write('content/navigation.yaml', navigation.replace('[push]', '[push, gone]'));
    expect(told()).toEqual([
      'content/navigation.yaml:5: The page "images/gone" does not exist. Write ' +
        'content/docs/ko/images/gone.mdx and content/docs/en/images/gone.mdx, or remove it here.',
    ]);
  });

  test('a page that no topic lists', () => {
    write('content/docs/ko/images/lost.mdx', '글.\n');
    write('content/docs/en/images/lost.mdx', 'Text.\n');
    expect(told()[0]).toBe(
      'content/docs/ko/images/lost.mdx:1: The page "images/lost" is in no topic. ' +
        'List it in content/navigation.yaml.',
    );
  });

  test('a page that is listed twice', () => {
    write('content/navigation.yaml', navigation.replace('[push]', '[push, push]'));
    expect(told().join()).toContain('navigation.yaml:5: The page "images/push" is listed twice.');
  });

  test('a title that is missing in a language', () => {
    write(
      'content/navigation.yaml',
      navigation.replace('{ ko: 이미지, en: Images }', '{ ko: 이미지 }'),
    );
    expect(told().join()).toContain('navigation.yaml:1: The topic "images" has no title in "en".');
  });

  test('a file that is not YAML', () => {
    write('content/navigation.yaml', '- id: [\n');
    expect(() => faultsOf(root)).toThrow(/^content\/navigation\.yaml:\d+: .*Correct the YAML\.$/);
  });
});

describe('references', () => {
  test('a moved page that leads nowhere', () => {
    write('content/redirects.yaml', '# moved\nimages/old: images/gone\n');
    expect(told()).toEqual([
      'content/redirects.yaml:2: "images/old" leads to "images/gone", which does not exist. ' +
        'Give the id of a page, such as images/dockerfile.',
    ]);
  });

  test('a page that has moved and is still there', () => {
    write('content/redirects.yaml', 'images/push: images/push\n');
    expect(told().join()).toContain('redirects.yaml:1: "images/push" is said to have moved');
  });

  test("a term's page that does not exist", () => {
    write('content/glossary/tag.yaml', 'topic: images\npage: images/tags\n');
    expect(told()).toEqual([
      'content/glossary/tag.yaml:2: The term\'s page "images/tags" does not exist. ' +
        'Correct the id or remove the line.',
    ]);
  });
});
