import type { LogText } from '../program.ts';
import { reasonOf } from '../url.ts';
import { builtOf } from './built.ts';
import type { Answer, Exchange } from './exchange.ts';

const encoder = new TextEncoder();

/** nginx's own page for a status (`ngx_http_special_response.c`). */
export function errorPage(
  { context }: Exchange,
  status: number,
  errors: readonly LogText[] = [],
): Answer {
  const { version } = builtOf(context);
  const words = reasonOf(status, 'nginx');
  const title = `${status} ${words}`;
  const lines = [
    '<html>',
    `<head><title>${title}</title></head>`,
    '<body>',
    `<center><h1>${title}</h1></center>`,
    `<hr><center>nginx/${version}</center>`,
    '</body>',
    '</html>',
    '',
  ];
  const body = status === 204 || status === 304 ? '' : lines.join('\r\n');
  return { status, type: 'text/html', body: encoder.encode(body), errors };
}
