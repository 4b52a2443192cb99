import { DAY } from '../../sim/clock.ts';
import { byPath, directory, modelFile, textFile, type LayerEntry } from '../entry.ts';
import { makeLayer, makeModelLayer } from '../layer.ts';
import { ALPINE_STEPS, alpineLayer, PATH_ENV } from './alpine.ts';
import type { CatalogueImage } from './image.ts';

const NGINX_VERSION = '1.29.3';

const NGINX_CONF = `user  nginx;
worker_processes  auto;

error_log  /var/log/nginx/error.log notice;
pid        /run/nginx.pid;

events {
    worker_connections  1024;
}

http {
    include       /etc/nginx/mime.types;
    default_type  application/octet-stream;
    sendfile        on;
    keepalive_timeout  65;
    include /etc/nginx/conf.d/*.conf;
}
`;

const DEFAULT_CONF = `server {
    listen       80;
    server_name  localhost;

    location / {
        root   /usr/share/nginx/html;
        index  index.html index.htm;
    }
}
`;

const INDEX = `<!DOCTYPE html>
<html>
<head>
<title>Welcome to nginx!</title>
</head>
<body>
<h1>Welcome to nginx!</h1>
<p>If you see this page, nginx is successfully installed and working.</p>
</body>
</html>
`;

const ENTRYPOINT = `#!/bin/sh
set -e
for script in /docker-entrypoint.d/*.sh; do "$script"; done
exec "$@"
`;

/** The first nginx layer: the server itself. Sizes of the blobs are model figures. */
function serverLayer() {
  const dirs = ['etc/nginx', 'etc/nginx/conf.d', 'usr/sbin', 'usr/share/nginx'];
  const more = ['usr/share/nginx/html', 'var/cache/nginx', 'var/log/nginx', 'docker-entrypoint.d'];
  const entries: [string, LayerEntry][] = [...dirs, ...more].map((path) => [path, directory()]);
  entries.push(
    ['etc/nginx/conf.d/default.conf', textFile(DEFAULT_CONF)],
    [
      'etc/nginx/mime.types',
      textFile('types {\n    text/html  html htm;\n    text/css  css;\n}\n'),
    ],
    ['etc/nginx/nginx.conf', textFile(NGINX_CONF)],
    ['usr/sbin/nginx', modelFile(4_420_000, `nginx-${NGINX_VERSION}`)],
    ['usr/share/nginx/html/index.html', textFile(INDEX)],
    ['usr/share/nginx/html/50x.html', textFile('<h1>An error occurred.</h1>\n')],
  );
  return makeModelLayer(entries.sort(byPath), 1_812_337);
}

/** The last layer: njs, xslt, geoip and what curl needs. */
function modulesLayer() {
  const entries: [string, LayerEntry][] = [
    ['usr/bin/curl', modelFile(280_000, 'curl-8.14')],
    ['usr/lib/nginx', directory()],
    ['usr/lib/nginx/modules', directory()],
    ['usr/lib/nginx/modules/ngx_http_js_module.so', modelFile(38_100_000, 'njs-0.9.4')],
  ];
  return makeModelLayer(entries.sort(byPath), 16_842_720);
}

const script = (name: string, mode: number) =>
  makeLayer([
    [name, textFile('#!/bin/sh\n# Prepares the configuration before nginx starts.\n', mode)],
  ]);

const buildkit = 'buildkit.dockerfile.v0';

export const nginxImage = (): CatalogueImage => ({
  repository: 'library/nginx',
  tags: ['1.29-alpine', `${NGINX_VERSION}-alpine`, 'alpine', 'mainline-alpine'],
  config: {
    ExposedPorts: { '80/tcp': {} },
    Env: [PATH_ENV, `NGINX_VERSION=${NGINX_VERSION}`, 'PKG_RELEASE=1', 'NJS_VERSION=0.9.4'],
    Entrypoint: ['/docker-entrypoint.sh'],
    Cmd: ['nginx', '-g', 'daemon off;'],
    WorkingDir: '/',
    Labels: { maintainer: 'NGINX Docker Maintainers <docker-maint@nginx.com>' },
    StopSignal: 'SIGQUIT',
  },
  steps: [
    ...ALPINE_STEPS(alpineLayer()),
    {
      createdBy: 'LABEL maintainer=NGINX Docker Maintainers <docker-maint@nginx.com>',
      comment: buildkit,
    },
    { createdBy: `ENV NGINX_VERSION=${NGINX_VERSION}`, comment: buildkit },
    {
      createdBy: 'RUN /bin/sh -c set -x && addgroup -g 101 -S nginx && apk add nginx # buildkit',
      layer: serverLayer(),
      comment: buildkit,
    },
    {
      createdBy: 'COPY docker-entrypoint.sh / # buildkit',
      layer: makeLayer([['docker-entrypoint.sh', textFile(ENTRYPOINT, 0o755)]]),
      comment: buildkit,
    },
    ...[
      '10-listen-on-ipv6-by-default.sh',
      '15-local-resolvers.envsh',
      '20-envsubst-on-templates.sh',
    ]
      .concat('30-tune-worker-processes.sh')
      .map((name) => ({
        createdBy: `COPY ${name} /docker-entrypoint.d # buildkit`,
        layer: script(`docker-entrypoint.d/${name}`, 0o755),
        comment: buildkit,
      })),
    { createdBy: 'ENTRYPOINT ["/docker-entrypoint.sh"]', comment: buildkit },
    { createdBy: 'EXPOSE map[80/tcp:{}]', comment: buildkit },
    { createdBy: 'STOPSIGNAL SIGQUIT', comment: buildkit },
    { createdBy: 'CMD ["nginx" "-g" "daemon off;"]', comment: buildkit },
    {
      createdBy: 'RUN /bin/sh -c apk add --no-cache curl nginx-module-njs # buildkit',
      layer: modulesLayer(),
      comment: buildkit,
    },
  ],
  createdMs: -61 * DAY,
});
