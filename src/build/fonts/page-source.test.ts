import { expect, test } from 'vitest';
import { readPageSource } from './page-source.ts';

const source = `---
title: 제목
description: 설명
---

글 **강조** \`code·\`

## 절 [#id]

| 머리 | 표 |
| --- | --- |
| 칸 | 값 |

\`\`\`mermaid figure=x
flowchart LR
  a[그림]
\`\`\`

\`\`\`console
$ ls │
\`\`\`
`;

test('what is set in bold is told from plain text and code', () => {
  const { text, bold, code } = readPageSource(source);
  for (const one of '제설글강절머칸그') expect(text).toContain(one);
  for (const one of '제강절머표') expect(bold).toContain(one);
  for (const one of '설글칸값그') expect(bold).not.toContain(one);
  expect(code).toContain('│');
  expect(code).toContain('·');
  expect(code).not.toContain('그');
});
