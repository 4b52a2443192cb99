import { dirs, links, owned, type Contents } from '../layers.ts';
import { directory } from '../../entry.ts';

/**
 * The files of nginx's packages (nginx/pkg-oss, `conf/nginx.conf`, `conf/default.conf`) and of the
 * image around them (nginx/docker-nginx 1.29.3 `entrypoint/`).
 *
 * Simplified: the scripts are written anew and shorter; they say what the real ones say.
 */
const NGINX_CONF = `
user  nginx;
worker_processes  auto;

error_log  /var/log/nginx/error.log notice;
pid        /run/nginx.pid;


events {
    worker_connections  1024;
}


http {
    include       /etc/nginx/mime.types;
    default_type  application/octet-stream;

    log_format  main  '$remote_addr - $remote_user [$time_local] "$request" '
                      '$status $body_bytes_sent "$http_referer" '
                      '"$http_user_agent" "$http_x_forwarded_for"';

    access_log  /var/log/nginx/access.log  main;

    sendfile        on;
    #tcp_nopush     on;

    keepalive_timeout  65;

    #gzip  on;

    include /etc/nginx/conf.d/*.conf;
}
`;

export const DEFAULT_CONF = `server {
    listen       80;
    server_name  localhost;

    #access_log  /var/log/nginx/host.access.log  main;

    location / {
        root   /usr/share/nginx/html;
        index  index.html index.htm;
    }

    #error_page  404              /404.html;

    # redirect server error pages to the static page /50x.html
    #
    error_page   500 502 503 504  /50x.html;
    location = /50x.html {
        root   /usr/share/nginx/html;
    }

    # proxy the PHP scripts to Apache listening on 127.0.0.1:80
    #
    #location ~ \\.php$ {
    #    proxy_pass   http://127.0.0.1;
    #}

    # pass the PHP scripts to FastCGI server listening on 127.0.0.1:9000
    #
    #location ~ \\.php$ {
    #    root           html;
    #    fastcgi_pass   127.0.0.1:9000;
    #    fastcgi_index  index.php;
    #    fastcgi_param  SCRIPT_FILENAME  /scripts$fastcgi_script_name;
    #    include        fastcgi_params;
    #}

    # deny access to .htaccess files, if Apache's document root
    # concurs with nginx's one
    #
    #location ~ /\\.ht {
    #    deny  all;
    #}
}

`;

const MIME_TYPES = `
types {
    text/html                                        html htm shtml;
    text/css                                         css;
    text/xml                                         xml;
    image/gif                                        gif;
    image/jpeg                                       jpeg jpg;
    application/javascript                           js;
    application/atom+xml                             atom;
    application/rss+xml                              rss;

    text/plain                                       txt;

    image/avif                                       avif;
    image/png                                        png;
    image/svg+xml                                    svg svgz;
    image/webp                                       webp;
    image/x-icon                                     ico;

    font/woff                                        woff;
    font/woff2                                       woff2;

    application/json                                 json;
    application/pdf                                  pdf;
    application/wasm                                 wasm;
    application/zip                                  zip;

    audio/mpeg                                       mp3;
    video/mp4                                        mp4;
    video/webm                                       webm;
}
`;

const INDEX = `<!DOCTYPE html>
<html>
<head>
<title>Welcome to nginx!</title>
<style>
html { color-scheme: light dark; }
body { width: 35em; margin: 0 auto;
font-family: Tahoma, Verdana, Arial, sans-serif; }
</style>
</head>
<body>
<h1>Welcome to nginx!</h1>
<p>If you see this page, the nginx web server is successfully installed and
working. Further configuration is required.</p>

<p>For online documentation and support please refer to
<a href="http://nginx.org/">nginx.org</a>.<br/>
Commercial support is available at
<a href="http://nginx.com/">nginx.com</a>.</p>

<p><em>Thank you for using nginx.</em></p>
</body>
</html>
`;

const ERROR_PAGE = `<!DOCTYPE html>
<html>
<head>
<title>Error</title>
<style>
html { color-scheme: light dark; }
body { width: 35em; margin: 0 auto;
font-family: Tahoma, Verdana, Arial, sans-serif; }
</style>
</head>
<body>
<h1>An error occurred.</h1>
<p>Sorry, the page you are looking for is currently unavailable.<br/>
Please try again later.</p>
<p>If you are the system administrator of this resource then you should check
the error log for details.</p>
<p><em>Faithfully yours, nginx.</em></p>
</body>
</html>
`;

const ENTRYPOINT = `#!/bin/sh
set -e
say() { if [ -z "\${NGINX_ENTRYPOINT_QUIET_LOGS:-}" ]; then echo "$@"; fi; }
d=/docker-entrypoint.d
if [ "$1" = nginx ] || [ "$1" = nginx-debug ]; then
  if [ -n "$(ls $d)" ]; then
    say "$0: $d/ is not empty, will attempt to perform configuration"
    say "$0: Looking for shell scripts in $d/"
    for f in $d/*; do
      case "$f" in
        *.envsh) if [ -x "$f" ]; then say "$0: Sourcing $f"; . "$f"; else say "$0: Ignoring $f, not executable"; fi ;;
        *.sh) if [ -x "$f" ]; then say "$0: Launching $f"; "$f"; else say "$0: Ignoring $f, not executable"; fi ;;
        *) say "$0: Ignoring $f" ;;
      esac
    done
    say "$0: Configuration complete; ready for start up"
  else
    say "$0: No files found in $d/, skipping configuration"
  fi
fi
exec "$@"
`;

const STEPS: Readonly<Record<string, string>> = {
  '10-listen-on-ipv6-by-default.sh': `#!/bin/sh
set -e
me=10-listen-on-ipv6-by-default.sh
conf=/etc/nginx/conf.d/default.conf
if [ ! -f $conf ]; then echo "$me: info: $conf is not a file or does not exist"; exit 0; fi
if grep -q 'listen  \\[::\\]:80;' $conf; then echo "$me: info: IPv6 listen already enabled"; exit 0; fi
echo "$me: info: Getting the checksum of $conf"
if ! grep -q 'listen       80;' $conf; then echo "$me: info: $conf differs from the packaged version"; exit 0; fi
sed -i 's/listen       80;/listen       80;\\n    listen  [::]:80;/' $conf
echo "$me: info: Enabled listen on IPv6 in $conf"
`,
  '15-local-resolvers.envsh': `#!/bin/sh
if [ -n "\${NGINX_ENTRYPOINT_LOCAL_RESOLVERS:-}" ]; then
  NGINX_LOCAL_RESOLVERS=$(echo $(sed -n 's/^nameserver *//p' /etc/resolv.conf))
  export NGINX_LOCAL_RESOLVERS
fi
`,
  '20-envsubst-on-templates.sh': `#!/bin/sh
set -e
me=20-envsubst-on-templates.sh
from=\${NGINX_ENVSUBST_TEMPLATE_DIR:-/etc/nginx/templates}
to=\${NGINX_ENVSUBST_OUTPUT_DIR:-/etc/nginx/conf.d}
[ -d "$from" ] || exit 0
for t in "$from"/*.template; do
  [ -f "$t" ] || continue
  name=$(basename "$t" .template)
  echo "$me: Running envsubst on $t to $to/$name"
  envsubst --defined < "$t" > "$to/$name"
done
`,
};

export const SCRIPTS = [
  '10-listen-on-ipv6-by-default.sh',
  '15-local-resolvers.envsh',
  '20-envsubst-on-templates.sh',
  '30-tune-worker-processes.sh',
] as const;

export const entrypointScript = { 'docker-entrypoint.sh!': ENTRYPOINT };

export const stepScript = (name: string) => ({
  [`docker-entrypoint.d/${name}!`]: STEPS[name] ?? '#!/bin/sh\n# Nothing to do by default.\n',
});

/** The server's own layer; user and group 101 are added to the base's. */
export function serverFiles(passwd: string, group: string, serverBytes: number): Contents {
  return {
    'etc/passwd': passwd,
    'etc/group': group,
    ...dirs('docker-entrypoint.d usr/share/nginx/html var/lib/nginx'),
    'var/cache/nginx': owned(directory(), 101),
    'etc/nginx/conf.d/default.conf': DEFAULT_CONF,
    'etc/nginx/fastcgi_params': '\nfastcgi_param  QUERY_STRING       $query_string;\n',
    'etc/nginx/mime.types': MIME_TYPES,
    'etc/nginx/modules': '-> /usr/lib/nginx/modules',
    'etc/nginx/nginx.conf': NGINX_CONF,
    'etc/nginx/scgi_params': '\nscgi_param  REQUEST_METHOD     $request_method;\n',
    'etc/nginx/uwsgi_params': '\nuwsgi_param  QUERY_STRING       $query_string;\n',
    'usr/sbin/nginx': serverBytes,
    'usr/sbin/nginx-debug': serverBytes + 120_000,
    'usr/share/nginx/html/50x.html': ERROR_PAGE,
    'usr/share/nginx/html/index.html': INDEX,
    ...links('var/log/nginx/', 'access.log', '/dev/stdout'),
    ...links('var/log/nginx/', 'error.log', '/dev/stderr'),
  };
}
