import { attachContents } from './contents.ts';
import { attachCopy } from './copy.ts';
import { attachLanguage } from './language.ts';
import { attachMenu } from './menu.ts';
import { attachPageWorlds } from './page-world/attach.ts';
import { attachScroll } from './scroll.ts';
import { attachTheme } from './theme.ts';
import { attachWorldLinks } from './world-links.ts';

/** Everything of the page frame that needs a script; the page is complete without it. */

const all = <Kind extends Element>(selector: string): Kind[] => [
  ...document.querySelectorAll<Kind>(selector),
];

all<HTMLButtonElement>('button.theme').forEach(attachTheme);
all<HTMLAnchorElement>('a[data-language]').forEach(attachLanguage);
all<HTMLDetailsElement>('details.menu').forEach(attachMenu);
all<HTMLAnchorElement>('a.lab-way').forEach(attachWorldLinks);
attachScroll(all('.table'));
attachContents(all('.contents-list'));

const { copy = '', copied = '', selected = '' } = document.body.dataset;
for (const frame of all<HTMLElement>('figure.code')) attachCopy(frame, { copy, copied, selected });
attachPageWorlds(document.body.dataset);
