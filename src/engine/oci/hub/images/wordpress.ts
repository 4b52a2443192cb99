import { debian } from '../base/debian.ts';
import type { CatalogueImage, Platform } from '../image.ts';
import { dirs, filledTo, layer, memo, owned, type Contents } from '../layers.ts';
import { directory } from '../../entry.ts';
import { Recipe } from '../recipe.ts';
import { CREATED_MS, entrypointAt } from './entrypoint.ts';

/**
 * wordpress (docker-library/wordpress `latest/php8.3/apache/Dockerfile`).
 *
 * Simplified: PHP, Apache and the extensions are one layer over Debian.
 */
const VERSION = '6.9';

const layersOf = memo((key) => (part: string, contents: Contents, bytes = 0) => {
  return layer(contents, bytes, `wordpress-${VERSION}-${part}/${key}`);
});

const wordpress = (platform: Platform): Recipe => {
  const made = layersOf(platform.architecture);
  const runtime = filledTo(390_000_000, 'usr/local/lib/php/model', {
    'usr/local/bin/php': 19_000_000,
    'usr/local/lib/wordpress/wordpress!': 12_000,
    'usr/local/bin/apache2-foreground': '-> /usr/local/lib/wordpress/wordpress',
  });
  const sources = { ...dirs('usr/src/wordpress'), 'usr/src/wordpress/index.php': 405 };
  return Recipe.from(debian('bookworm-slim', platform), CREATED_MS)
    .run('set -eux; \tapt-get update', made('runtime', runtime, 180_000_000))
    .env({ PHP_VERSION: '8.3.29' })
    .env({ APACHE_CONFDIR: '/etc/apache2' })
    .stopSignal('SIGWINCH')
    .workdir('/var/www/html', made('html', { 'var/www/html': owned(directory(0o1777), 33) }))
    .expose('80/tcp')
    .run(`set -eux; \tversion='${VERSION}'`, made('sources', sources, 27_000_000))
    .volume('/var/www/html')
    .copy(
      'docker-entrypoint.sh /usr/local/bin/',
      entrypointAt('usr/local/bin/docker-entrypoint.sh'),
    )
    .entrypoint('docker-entrypoint.sh')
    .cmd('apache2-foreground');
};

export const WORDPRESS: readonly CatalogueImage[] = [
  {
    tags: ['latest', '6', VERSION, 'apache', `${VERSION}-apache`, 'php8.3', 'php8.3-apache'],
    build: wordpress,
  },
];
