/**
 * An instruction as tables name it, written out with operands: `WORKDIR (path other than /)`,
 * `EXPOSE`.
 */
const OPERANDS: Readonly<Record<string, string>> = {
  ...{ RUN: 'true', ADD: 'a /', COPY: 'a /', EXPOSE: '80', USER: 'u', VOLUME: '/v', ARG: 'A=1' },
  ...{ HEALTHCHECK: 'NONE', MAINTAINER: 'me', ONBUILD: 'RUN true', ENV: 'A=1', LABEL: 'a=b' },
  ...{ CMD: '["x"]', ENTRYPOINT: '["x"]', STOPSIGNAL: 'SIGTERM', SHELL: '["/bin/sh"]' },
  WORKDIR: '/other',
};

export function expandOnce(text: string): string {
  const [, keyword = '', rest = ''] = /^(\S+)\s*(.*)$/.exec(text) ?? [];
  const plain = rest.replace(/\(.*\)/, '').trim();
  return `${keyword} ${plain === '' ? (OPERANDS[keyword] ?? '') : plain}`;
}
