/** The sheet of stills that are opened as files: a drawing knows the page's classes, not its styles. */
import type { APIRoute } from 'astro';
import diagram from '../../styles/diagram.css?raw';
import figure from '../../styles/figure.css?raw';
import player from '../../styles/player-drawing.css?raw';
import conditions from '../../styles/player-conditions.css?raw';
import tokens from '../../styles/tokens.css?raw';

const page = ':root { background: var(--surface); --figure-ground: var(--surface); }';
/** The hues of a drawing hang on the figure around it; here the drawing is all there is. */
const alone = diagram.replaceAll(/^\.figure \{/gm, '.figure, .is-still {');

export const GET: APIRoute = () =>
  new Response([tokens, alone, figure, player, conditions, page].join('\n'), {
    headers: { 'content-type': 'text/css; charset=utf-8' },
  });
